import wrap from "wrap-ansi";
import { inGroups, isPlainNote, type Reason } from "../reasons.ts";
import type { UpgradeReport } from "./contents.ts";

/** Lines of evidence for each reason in a terminal; the report has all. */
const fewLines = 4;
/** Most characters of a claim's figures. */
const longestLine = 300;

/** The report for a terminal. */
export function renderText(report: UpgradeReport, width = 100): string {
	const { from, to, reasons, steps, claims, standIns, commands } = report;
	const { verdict, seconds } = report;
	const blocks = [
		`${from.name} (${from.version}) → ${to.name} (${to.version}), Kubernetes ${report.kubeVersion}${report.clusterVersion ? ` (the cluster: ${report.clusterVersion})` : ""}`,
		report.with !== undefined && `for an upgrade with ${report.with}`,
		steps.length > 0 &&
			`steps: ${steps.map(({ version, verdict: own }) => `${version} ${own}`).join(", ")}`,
		...renderImportant(reasons.filter((each) => !isPlainNote(each))),
		...renderNotes(reasons.filter(isPlainNote)),
		claims.length > 0 &&
			claims
				.filter(({ status }) => status !== "skipped")
				.map(({ id, status, message, notes }) =>
					`${status.toUpperCase()} ${id}: ${oneLine(message || notes.join("; "))}`.slice(
						0,
						longestLine,
					),
				)
				.join("\n"),
		report.history &&
			[
				`compared with ${report.history.upgrades.length} upgrades before: ${report.history.unusual.length === 0 ? "nothing is out of the ordinary" : "out of the ordinary:"}`,
				...report.history.unusual.map((line) => `  ${line}`),
			].join("\n"),
		standIns.length > 0 &&
			`${standIns.length} images were built locally in place of the charts' own: new images are not tested`,
		report.patience !== 1 && `patience: ${report.patience}`,
		`to upgrade:\n${commands.map((line) => `  ${line}`).join("\n")}`,
		`${verdict} in ${seconds.toFixed(1)} s`,
	].filter((block) => typeof block === "string");
	const wrapped = blocks.map((block) =>
		block
			.split("\n")
			.map((line) => wrapLine(line, width))
			.join("\n"),
	);
	return wrapped.join("\n\n");
}

/** What a note is about; of an image also its versions, which the sentence has. */
function inShort({ id, subject, what }: Reason): string {
	return id.startsWith("image") ? what.replace(/\.$/, "") : subject;
}

function renderImportant(reasons: readonly Reason[]): string[] {
	return inGroups(reasons).flatMap(({ part, reasons: own }) => [
		...(part ? [`── ${part} (${own.length}) ──`] : []),
		...own.map((each) => renderReason(each, "")),
	]);
}

/** Notes of one kind whose subjects are shown. */
const fewNotes = 12;

function renderNotes(notes: readonly Reason[]): string[] {
	return [...Map.groupBy(notes, ({ id }) => id)].map(([id, found]) => {
		const [first] = found;
		if (found.length === 1 && first) return renderReason(first, "");
		const shown = found.slice(0, fewNotes);
		const rest = found.length - shown.length;
		return `NOTE ${id} (${found.length}): ${shown.map(inShort).join(id.startsWith("image") ? "; " : ", ")}${rest > 0 ? ` and ${rest} more in the report` : ""}`;
	});
}

function renderReason(each: Reason, indent: string): string {
	const { danger, id, subject, what, since, evidence, wayOut } = each;
	const shown = evidence.slice(0, fewLines);
	const rest = evidence.length - shown.length;
	return [
		`${indent}${danger.toUpperCase()} ${id}: ${subject}${since ? ` (since ${since})` : ""}`,
		`${indent}  ${what}`,
		...shown.map((line) => `${indent}    ${oneLine(line)}`),
		...(rest > 0 ? [`${indent}    ... and ${rest} more in the report`] : []),
		...(danger === "note" ? [] : [`${indent}  → ${wayOut}`]),
		...renderConsequences(each.consequences, `${indent}    `),
	].join("\n");
}

/** Consequences of one kind that are shown in full; of the others only what they are about. */
const fewConsequences = 3;

function renderConsequences(
	consequences: readonly Reason[],
	indent: string,
): string[] {
	return [...Map.groupBy(consequences, ({ id }) => id)].flatMap(
		([id, found]) => {
			const rest = found.slice(fewConsequences);
			return [
				...found
					.slice(0, fewConsequences)
					.map((one) => renderReason(one, indent)),
				...(rest.length > 0
					? [
							`${indent}... and ${rest.length} more ${id}: ${rest.map(({ subject }) => subject).join(", ")}`,
						]
					: []),
			];
		},
	);
}

function wrapLine(line: string, width: number): string {
	const indent = /^\s*/.exec(line)?.[0] ?? "";
	return wrap(line.slice(indent.length), Math.max(40, width - indent.length), {
		hard: true,
	})
		.split("\n")
		.map((part) => indent + part)
		.join("\n");
}

function oneLine(text: string): string {
	return text.replaceAll(/\s+/g, " ");
}
