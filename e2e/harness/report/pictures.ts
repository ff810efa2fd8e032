import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { budgets } from "../../common/budgets.ts";
import { Html, html } from "../../common/html-template.ts";
import type { StartedBrowser } from "../cluster/browser.ts";

const style = `
html { overflow: hidden; }
body { margin: 0; padding: 12px 16px; background: #16181d; color: #d8dade; font: 13px / 1.35 monospace; white-space: pre; }
`;

/** The rows of promises.html that its picture shows. */
const rows = 14;

/** Draws a run's report for the README: what its terminal showed, and the top of its promises. */
export async function drawPictures(
	browser: StartedBrowser,
	report: string,
	target: string,
): Promise<void> {
	const log = await readFile(join(report, "run.log"), "utf8");
	const promises = await readFile(join(report, "promises.html"), "utf8");
	await draw(browser, join(target, "terminal.png"), renderTerminal(log), 760);
	await draw(browser, join(target, "promises.png"), cutTable(promises), 1000);
}

/** The progress of a run and the end of its summary, as a terminal shows them. */
function renderTerminal(log: string): string {
	const lines = log.split("\n");
	const table = lines.findIndex((line) => line.startsWith("┌"));
	const progress = lines.slice(0, table).filter((line) => line.trim());
	const end = lines.filter(Boolean).slice(-5);
	const shown = ["$ npm run e2e", ...progress, "...", ...end].map(shortenLine);
	return html`<!doctype html><meta charset="utf-8"><style>${new Html(style)}</style><body>${shown.join("\n")}</body>`
		.text;
}

const longest = 90;

/** A line that fits, without what a long parenthesis explains. */
function shortenLine(line: string): string {
	const plain = line.replace(/ \(.{40,}\)$/, "");
	return plain.length > longest ? `${plain.slice(0, longest - 3)}...` : plain;
}

/** The page with the first rows of its table only. */
function cutTable(page: string): string {
	const parts = page.split("</tr>");
	return `${parts.slice(0, rows + 1).join("</tr>")}</tr></table></body></html>`;
}

async function draw(
	browser: StartedBrowser,
	picture: string,
	page: string,
	width: number,
): Promise<void> {
	await browser.look(picture, budgets.page, async (tab) => {
		await tab.setViewportSize({ width, height: 100 });
		await tab.setContent(page);
		const box = await tab.locator("body").boundingBox();
		const height = (box?.y ?? 0) + (box?.height ?? 600);
		await tab.setViewportSize({ width, height: Math.ceil(height) });
	});
}
