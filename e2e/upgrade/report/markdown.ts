import { isPlainNote, type Reason, stackPartOf } from "../reasons.ts";
import type { UpgradeReport } from "./contents.ts";

/** The report for a job's summary. */
export function renderMarkdown(report: UpgradeReport): string {
	const { from, to, verdict, reasons, claims, steps, commands } = report;
	const notes = reasons.filter(isPlainNote);
	const sections = [
		`# ${verdict}: ${code(from.version)} → ${code(to.version)}`,
		report.depth === "full"
			? "From an upgrade on a real cluster, and from reading both charts."
			: "From reading both charts, not from an upgrade on a cluster.",
		report.standIns.length > 0 &&
			`${report.standIns.length} images were built locally in place of the charts' own.`,
		steps.length > 0 &&
			`Steps: ${steps.map(({ version, verdict: own }) => `${version} ${own}`).join(", ")}`,
		...renderImportant(reasons.filter((each) => !isPlainNote(each))),
		notes.length > 0 &&
			`<details><summary>${notes.length} notes</summary>\n\n${notes.map((each) => renderReason(each, 0)).join("\n")}\n\n</details>`,
		claims.length > 0 &&
			[
				"| claim | status | figure |",
				"|---|---|---|",
				...claims.map(
					({ id, status, message, notes: figures }) =>
						`| ${id} | ${status} | ${escapeMarkdown(message || figures.join("; "))} |`,
				),
			].join("\n"),
		report.unknown.length > 0 &&
			`Not known from the repository:\n\n${report.unknown.map((line) => `- ${escapeMarkdown(line)}`).join("\n")}`,
		["To upgrade:", "```sh", ...commands, "```"].join("\n"),
	];
	return `${sections.filter((each) => typeof each === "string").join("\n\n")}\n`;
}

/** Many reasons are grouped by what they touch. */
function renderImportant(reasons: readonly Reason[]): string[] {
	const render = (found: readonly Reason[]) =>
		found.map((each) => renderReason(each, 0)).join("\n");
	if (reasons.length === 0) return [];
	return reasons.length <= 12
		? [render(reasons)]
		: [...Map.groupBy(reasons, stackPartOf)].map(
				([part, found]) => `### ${part}\n\n${render(found)}`,
			);
}

function renderReason(each: Reason, depth: number): string {
	const indent = "  ".repeat(depth);
	const { danger, id, subject, since, what, wayOut, consequences } = each;
	return [
		`${indent}- **${danger}** ${id}: ${code(subject)}${since ? ` (since ${since})` : ""}. ${escapeMarkdown(what)}${danger === "note" ? "" : ` *${escapeMarkdown(wayOut)}*`}`,
		...consequences.map((one) => renderReason(one, depth + 1)),
	].join("\n");
}

function code(text: string): string {
	return `\`${text.replaceAll("`", "'")}\``;
}

function escapeMarkdown(text: string): string {
	return text.replaceAll(/([\\`*_<>[\]|])/g, "\\$1").replaceAll("\n", " ");
}
