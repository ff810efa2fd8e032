import { join, relative } from "node:path";
import { exitCodes, type HarnessError } from "../../common/errors.ts";
import {
	refuseExposed,
	writeReportFile,
} from "../../common/output/report-file.ts";
import { cleanAll } from "../../common/secrecy/redact.ts";
import { emptyReportFolder } from "../../harness/report/begin.ts";
import type { ReportFolder } from "../../harness/run/reservation.ts";
import type { UpgradeReport } from "../report/contents.ts";
import {
	describeVersions,
	type ReleaseSummary,
	type RepositorySummary,
} from "./summary-file.ts";
import { renderRepositorySummary } from "./summary-markdown.ts";

/** What is said of one release. */
export interface ReleaseAnswer extends ReleaseSummary {
	readonly report: UpgradeReport | undefined;
	/** Absolute, unlike in the summary. */
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
export function exitCodeOf({
	answers,
}: Pick<RepositoryAnswer, "answers">): number {
	const worst = codes.find(([verdict]) =>
		answers.some((each) => each.verdict === verdict),
	);
	return worst?.[1] ?? exitCodes.proven;
}

/** The answer in one line. */
export function describeAnswer({
	base,
	head,
	answers,
	others,
}: RepositoryAnswer): string {
	const [worst, ...rest] = worstFirst(answers);
	if (!worst) {
		const more =
			others.length > 0
				? ` (${others.length} of other charts differ, and are not looked at)`
				: "";
		return `Nothing differs in the releases of kube-prometheus-stack between ${base} and ${head}${more}.`;
	}
	const { verdict, title, ...versions } = worst;
	const more = rest.map((each) => `${each.title} is ${each.verdict}`);
	return `${verdict}: ${[`${title}, ${describeVersions(versions)}`, ...more].join("; ")}`;
}

function worstFirst(answers: readonly ReleaseAnswer[]): ReleaseAnswer[] {
	return codes.flatMap(([verdict]) =>
		answers.filter((each) => each.verdict === verdict),
	);
}

/** Makes the folder for the report of a repository, and removes what an earlier one left there. @throws BadInputError */
export function beginSummary(dir: string): Promise<ReportFolder> {
	return emptyReportFolder(dir, ["releases", "summary.json", "summary.md"]);
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
	const about = {
		headline: describeAnswer(answer),
		exitCode: exitCodeOf(answer),
		...{ base, head, others },
	};
	await writeFiles(dir, about, answers);
}

/** Writes them where there is no answer. */
export async function writeFailure(
	dir: string,
	{ message, exitCode }: HarnessError,
): Promise<void> {
	const headline = `no verdict: ${message}`;
	await writeFiles(dir, { headline, exitCode, others: [] }, []);
}

async function writeFiles(
	dir: string,
	raw: Omit<RepositorySummary, "releases">,
	rawAnswers: readonly ReleaseAnswer[],
): Promise<void> {
	// Cleaned before it is rendered: an escaped secret may not be recognised.
	const about = cleanAll(raw);
	const answers = cleanAll(rawAnswers);
	const summarize = ({
		report: _,
		folder,
		...rest
	}: ReleaseAnswer): ReleaseSummary => ({
		...rest,
		folder: folder && relative(dir, folder),
	});
	const json: RepositorySummary = {
		...about,
		releases: answers.map(summarize),
	};
	const shown = worstFirst(answers).map((each) => ({
		summary: summarize(each),
		report: each.report,
	}));
	const files = {
		"summary.json": `${JSON.stringify(json, null, 2)}\n`,
		"summary.md": renderRepositorySummary(about, shown),
	};
	for (const [name, text] of Object.entries(files))
		await writeReportFile(join(dir, name), text);
	await refuseExposed(dir);
}
