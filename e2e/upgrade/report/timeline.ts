import { type Html, html } from "../../common/html-template.ts";
import type { Timeline } from "./contents.ts";

const labels = 340;
/** Roughly the width of a letter in pixels. */
const letter = 6;
const width = 700;
const row = 18;

/** The upgrade as a picture: its phases, and for each track the times without a sample. */
export function renderTimeline({ seconds, phases, tracks }: Timeline): Html {
	const x = (at: number) => labels + (at / Math.max(seconds, 1)) * width;
	const span = (from: number, to: number) => Math.max(1, x(to) - x(from));
	const height = (tracks.length + 2) * row;
	return html`<svg viewBox="0 0 ${labels + width + 10} ${height + 8}" role="img" aria-label="timeline of the upgrade">
${phases.map(
	({ name, from, to }) =>
		html`<rect class="phase" x="${x(from)}" y="0" width="${span(from, to)}" height="${height}"><title>${name}: ${(to - from).toFixed(0)} s</title></rect>
${span(from, to) > name.length * letter && html`<text x="${x(from) + 2}" y="11">${name}</text>`}`,
)}
${tracks.map(
	({ name, gaps }, i) =>
		html`<text x="0" y="${(i + 1) * row + 12}">${name}</text>
<rect class="track" x="${labels}" y="${(i + 1) * row + 5}" width="${width}" height="6"/>
${gaps.map(({ from, to }) => html`<rect class="gap" x="${x(from)}" y="${(i + 1) * row + 2}" width="${span(from, to)}" height="12"><title>${name}: away for ${(to - from).toFixed(0)} s</title></rect>`)}`,
)}
<text x="${labels}" y="${height + 4}">0 s</text>
<text x="${labels + width - 30}" y="${height + 4}">${seconds.toFixed(0)} s</text>
</svg>`;
}
