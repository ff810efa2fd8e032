import { inGroups, isPlainNote, type Reason } from "../reasons.ts";
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
		report.with !== undefined &&
			`Upgraded with ${escapeMarkdown(report.with)}.`,
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
		["To upgrade:", "```sh", ...commands, "```"].join("\n"),
	];
	return `${sections.filter((each) => typeof each === "string").join("\n\n")}\n`;
}

function renderImportant(reasons: readonly Reason[]): string[] {
	return inGroups(reasons).flatMap(({ part, reasons: own }) => [
		...(part ? [`### ${part}`] : []),
		...own.map((each) => renderReason(each, 0)),
	]);
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
