import { countBy, partition } from "es-toolkit";
import { cutAfter } from "../../common/secrecy/redact.ts";
import { dangers } from "../reason-kinds.ts";
import { inGroups, isPlainNote, type Reason } from "../reasons.ts";
import type { UpgradeReport } from "../report/contents.ts";
import {
	describeMethod,
	foldMarkdown,
	renderMarkdownCommands,
	renderMarkdownReason,
} from "../report/markdown.ts";
import { escapeMarkdown, markdownCode } from "../report/markdown-text.ts";
import {
	describeVersions,
	type ReleaseSummary,
	type RepositorySummary,
} from "./summary-file.ts";

/**
 * Most characters of a summary. A comment on GitHub has at most 65,536 (it answers 422, "Body is too long"), and whoever
 * posts the summary adds links to it.
 */
export const longestSummary = 60_000;

/** Releases that are shown; one of twenty still has room for some reasons. */
const mostReleases = 20;
/** Characters of a message, such as Helm's, and of a title or a path. */
const longestSentence = 500;
const longestName = 200;
/** Reasons that are shown without opening anything. */
const fewReasons = 3;
/** Consequences of one kind that are shown. */
const fewConsequences = 3;

/** A release, and its report if there is one. */
export interface SummarizedRelease {
	readonly summary: ReleaseSummary;
	readonly report: UpgradeReport | undefined;
}

/**
 * The summary as a person reads it in a comment: the verdict in the first line, then the reasons that matter most, the rest
 * folded. What does not fit is counted.
 */
export function renderRepositorySummary(
	{ headline, base, head, others }: Omit<RepositorySummary, "releases">,
	releases: readonly SummarizedRelease[],
): string {
	const first = `### ${short(headline, longestSentence)}`;
	const shown = releases.slice(0, mostReleases);
	const last = [
		releases.length > shown.length &&
			`Left out here: ${releases.length - shown.length} more releases. The report has all.`,
		shown.length > 0 &&
			base &&
			head &&
			short(`${head} compared with ${base}.`, longestSentence),
		others.length > 0 &&
			`Releases of other charts differ too, and were not looked at: ${others.length}.`,
	].filter((line) => typeof line === "string");
	const rest = longestSummary - [first, ...last, ""].join("\n\n").length;
	const share = Math.floor(rest / Math.max(1, shown.length));
	const sections = shown.map((each) =>
		renderRelease(each, shown.length > 1, share),
	);
	return `${[first, ...sections, ...last].join("\n\n")}\n`;
}

/** @param isOneOfMany then it needs a heading of its own @param most characters */
function renderRelease(
	{ summary, report }: SummarizedRelease,
	isOneOfMany: boolean,
	most: number,
): string {
	const { title, verdict, place, sentence, folder } = summary;
	const about = [
		markdownCode(cutAfter(place, longestName)),
		sentence && short(sentence, longestSentence),
		report && describeMethod(report),
		folder && `In the report: ${markdownCode(`${folder}/report.html`)}`,
	];
	const lead = [
		isOneOfMany &&
			`#### ${verdict}: ${short(`${title}, ${describeVersions(summary)}`, longestName)}`,
		about.filter(Boolean).join(" · "),
	].filter((line) => typeof line === "string");
	const space = new Space(most - lead.join("\n\n").length);
	return [...lead, ...(report ? renderReport(report, space) : [])].join("\n\n");
}

function short(text: string, most: number): string {
	return escapeMarkdown(cutAfter(text, most));
}

function renderReport(report: UpgradeReport, space: Space): string[] {
	const [notes, important] = partition([...report.reasons], isPlainNote);
	const top = important.slice(0, fewReasons);
	const folded = important.slice(fewReasons);
	// The order is that of importance: what comes last is left out first.
	const shown = space.take(top.map(render));
	const more = inGroups(folded).flatMap(({ part, reasons }) => {
		const kept = space.take(reasons.map(render));
		if (kept.length === 0) return [];
		return [...(part ? [`**${part}**`] : []), kept.join("\n")];
	});
	const unknown = space.take(
		report.unknown.map((each) => `- ${escapeMarkdown(each)}`),
	);
	const commands = space.take([renderMarkdownCommands(report.commands)]);
	const asides = space.take(notes.map(render));
	const content = [
		...more,
		...(unknown.length > 0
			? ["Not known from the repository:", unknown.join("\n")]
			: []),
		...commands,
		...(asides.length > 0 ? [asides.join("\n")] : []),
	];
	const fold = [
		...(folded.length > 0 ? [`more: ${countDangers(folded)}`] : []),
		...(notes.length > 0 ? [`notes: ${notes.length}`] : []),
		"how to upgrade",
	].join(", ");
	return [
		...(shown.length > 0 ? [shown.join("\n")] : []),
		...(content.length > 0 ? [foldMarkdown(fold, content.join("\n\n"))] : []),
		...(space.left > 0
			? [
					`Left out here, because a comment has no room for it: ${space.left} reasons or lines. The report has all.`,
				]
			: []),
	];
}

const render = (each: Reason) => renderMarkdownReason(each, fewConsequences);

/** e.g. `2 unsafe, 1 review` */
function countDangers(reasons: readonly Reason[]): string {
	const counts = countBy([...reasons], ({ danger }) => danger);
	return dangers
		.toReversed()
		.flatMap((danger) =>
			counts[danger] ? [`${counts[danger]} ${danger}`] : [],
		)
		.join(", ");
}

/** Keeps texts while there is room for them, and counts the others. */
class Space {
	left = 0;
	#room: number;

	/** @param room in characters */
	constructor(room: number) {
		// For the frame of the folded part, and the sentence about what is left out.
		this.#room = room - 500;
	}

	take(texts: readonly string[]): string[] {
		return texts.filter((text) => {
			const isFitting = text.length + 2 <= this.#room;
			if (isFitting) this.#room -= text.length + 2;
			else this.left += 1;
			return isFitting;
		});
	}
}
