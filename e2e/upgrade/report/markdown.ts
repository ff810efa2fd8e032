import { inGroups, isPlainNote, type Reason } from "../reasons.ts";
import type { UpgradeReport } from "./contents.ts";
import { escapeMarkdown, markdownCode, markdownLink } from "./markdown-text.ts";

/** The report for a job's summary. */
export function renderMarkdown(report: UpgradeReport): string {
	const { from, to, verdict, reasons, claims, steps, commands } = report;
	const notes = reasons.filter(isPlainNote);
	const sections = [
		`# ${verdict}: ${markdownCode(from.version)} → ${markdownCode(to.version)}`,
		describeMethod(report),
		report.standIns.length > 0 &&
			`${report.standIns.length} images were built locally in place of the charts' own.`,
		steps.length > 0 &&
			`Steps: ${steps.map(({ version, verdict: own }) => `${version} ${own}`).join(", ")}`,
		...renderImportant(reasons.filter((each) => !isPlainNote(each))),
		notes.length > 0 &&
			foldMarkdown(
				`${notes.length} notes`,
				notes.map((each) => renderMarkdownReason(each)).join("\n"),
			),
		report.history &&
			[
				`Compared with ${report.history.upgrades.length} upgrades before: ${report.history.unusual.length === 0 ? "nothing is out of the ordinary." : "out of the ordinary:"}`,
				...report.history.unusual.map((line) => `- ${escapeMarkdown(line)}`),
			].join("\n"),
		claims.length > 0 &&
			[
				"| claim | status | figure |",
				"|---|---|---|",
				...claims.map(
					({ id, status, message, notes: figures }) =>
						`| ${id} | ${status} | ${escapeMarkdown(message || figures.join("; "))} |`,
				),
			].join("\n"),
		renderMarkdownCommands(commands),
	];
	return `${sections.filter((each) => typeof each === "string").join("\n\n")}\n`;
}

/** Where the verdict comes from, and for which tool it is. */
export function describeMethod({
	depth,
	with: tool,
}: Pick<UpgradeReport, "depth" | "with">): string {
	const method =
		depth === "full"
			? "From an upgrade on a real cluster, and from reading both charts."
			: "From reading both charts, not from an upgrade on a cluster.";
	return tool === undefined
		? method
		: `${method} For an upgrade with ${escapeMarkdown(tool)}.`;
}

/** @param title is shown, the rest only when somebody opens it; both are Markdown already */
export function foldMarkdown(title: string, content: string): string {
	return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}

export function renderMarkdownCommands(commands: readonly string[]): string {
	const ticks = commands.join("\n").match(/`+/g) ?? [];
	const longest = Math.max(2, ...ticks.map(({ length }) => length));
	const fence = "`".repeat(longest + 1);
	return ["To upgrade:", `${fence}sh`, ...commands, fence].join("\n");
}

function renderImportant(reasons: readonly Reason[]): string[] {
	return inGroups(reasons).flatMap(({ part, reasons: own }) => [
		...(part ? [`### ${part}`] : []),
		...own.map((each) => renderMarkdownReason(each)),
	]);
}

/** Lines of evidence that are shown of each reason. */
const fewLines = 4;

/**
 * A reason as an item of a list, its consequences nested.
 *
 * @param few how many consequences of one kind are shown; the others are counted
 */
export function renderMarkdownReason(
	each: Reason,
	few = Number.POSITIVE_INFINITY,
	depth = 0,
): string {
	const { danger, id, subject, since, what, wayOut, evidence } = each;
	const inner = "  ".repeat(depth + 1);
	const kinds = [...Map.groupBy(each.consequences, (one) => one.id)];
	return [
		`${"  ".repeat(depth)}- **${danger}** ${id}: ${markdownCode(subject)}${since ? ` (since ${since})` : ""}. ${escapeMarkdown(what)}${danger === "note" ? "" : ` *${escapeMarkdown(wayOut)}*`}`,
		...evidence
			.slice(0, fewLines)
			.map((line) => `${inner}- ${renderEvidence(line)}`),
		...kinds.flatMap(([kind, found]) => [
			...found
				.slice(0, few)
				.map((one) => renderMarkdownReason(one, few, depth + 1)),
			...(found.length > few
				? [`${inner}- and ${found.length - few} more ${kind}`]
				: []),
		]),
	].join("\n");
}

/** Of a known fact it has the source. */
function renderEvidence(line: string): string {
	return /^https?:\S+$/.test(line) && URL.canParse(line)
		? markdownLink(line)
		: markdownCode(line);
}
