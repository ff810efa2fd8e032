import { join, relative } from "node:path";
import { exitCodes } from "../../common/errors.ts";
import {
	refuseExposed,
	writeReportFile,
} from "../../common/output/report-file.ts";
import type { UpgradeReport } from "../report/contents.ts";

/** What is said of one release. */
export interface ReleaseAnswer {
	/** e.g. `monitoring/stack (Flux)` */
	readonly title: string;
	/** e.g. `apps/stack.yaml:3` */
	readonly place: string;
	/** Versions of the chart. */
	readonly from: string | undefined;
	readonly to: string | undefined;
	readonly verdict:
		| UpgradeReport["verdict"]
		| "added"
		| "removed"
		| "unreadable";
	/** Where there is no report: why. */
	readonly sentence: string | undefined;
	readonly report: UpgradeReport | undefined;
	/** Of its report. */
	readonly folder: string | undefined;
}

/** The answer for a repository. */
export interface RepositoryAnswer {
	/** Names of the revisions. */
	readonly base: string;
	readonly head: string;
	readonly answers: readonly ReleaseAnswer[];
	/** Releases of other charts that differ, a line each. */
	readonly others: readonly string[];
}

/** The worst first. */
const codes: readonly (readonly [ReleaseAnswer["verdict"], number])[] = [
	["unsafe", exitCodes.refuted],
	["inconclusive", exitCodes.setUpFailed],
	["unreadable", exitCodes.badInput],
	["removed", exitCodes.review],
	["review", exitCodes.review],
	["added", exitCodes.proven],
	["safe", exitCodes.proven],
];

/** The exit code of the worst answer. */
export function exitCodeOf({ answers }: RepositoryAnswer): number {
	const worst = codes.find(([verdict]) =>
		answers.some((each) => each.verdict === verdict),
	);
	return worst?.[1] ?? exitCodes.proven;
}

/** The summary for a terminal. */
export function renderAnswers(answer: RepositoryAnswer, from: string): string {
	const { base, head, answers, others } = answer;
	return [
		`${head} compared with ${base}:`,
		...answers.map(({ title, verdict, sentence, folder, place, ...versions }) =>
			[
				`  ${verdict.toUpperCase()} ${title}: ${describeVersions(versions)}, ${place}`,
				...(sentence ? [`    ${sentence}`] : []),
				...(folder
					? [`    ${relative(from, join(folder, "report.html"))}`]
					: []),
			].join("\n"),
		),
		...(others.length > 0
			? [
					`  not looked at, because they are of other charts: ${others.join("; ")}`,
				]
			: []),
	].join("\n");
}

/** Writes summary.md and summary.json, secrets blanked. */
export async function writeSummary(
	dir: string,
	answer: RepositoryAnswer,
): Promise<void> {
	const { base, head, answers, others } = answer;
	const json = {
		base,
		head,
		exitCode: exitCodeOf(answer),
		releases: answers.map(({ report: _, folder, ...rest }) => ({
			...rest,
			folder: folder && relative(dir, folder),
		})),
		others,
	};
	const row = ({
		title,
		verdict,
		sentence,
		place,
		folder,
		...versions
	}: ReleaseAnswer) =>
		`| ${[
			verdict,
			title,
			describeVersions(versions),
			place,
			sentence ??
				(folder ? `[report](${relative(dir, folder)}/report.md)` : ""),
		]
			.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " "))
			.join(" | ")} |`;
	const markdown = [
		`${head} compared with ${base}`,
		"",
		"| verdict | release | versions | where | |",
		"|---|---|---|---|---|",
		...answers.map(row),
		...(others.length > 0
			? ["", `Of other charts, and not looked at: ${others.join("; ")}`]
			: []),
	].join("\n");
	const files = {
		"summary.json": `${JSON.stringify(json, null, 2)}\n`,
		"summary.md": `${markdown}\n`,
	};
	for (const [name, text] of Object.entries(files))
		await writeReportFile(join(dir, name), text);
	await refuseExposed(dir);
}

function describeVersions({
	from,
	to,
}: Pick<ReleaseAnswer, "from" | "to">): string {
	return from === to
		? `${to ?? "newest"}, other values`
		: `${from ?? "none"} → ${to ?? "none"}`;
}
