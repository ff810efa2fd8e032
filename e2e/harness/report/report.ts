import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import Table from "cli-table3";
import { describeCriticalPath } from "../../common/critical-path.ts";
import { writeReportFile } from "../../common/output/report-file.ts";
import { cleanAll, cutAfter } from "../../common/secrecy/redact.ts";
import { evidenceDir } from "../claims/evidence.ts";
import {
	notAskedFor,
	type PromiseStatus,
	type Summary,
} from "../claims/summary.ts";
import { emptyReportFolder } from "./begin.ts";
import { renderPromisesPage } from "./promises-page.ts";

/** The browser's screenshot of Grafana, in the report's folder. */
export const pictureFile = "grafana.png";

/** The files of a report, apart from the evidence. */
export const reportFiles = [
	"summary.json",
	"promises.html",
	"junit.xml",
	"run.log",
] as const;

/** Makes the report's folder and removes what an earlier run left in it. @throws BadInputError */
export async function beginReport(dir: string): Promise<void> {
	await emptyReportFolder(dir, [...reportFiles, "evidence", pictureFile]);
}

/** Writes summary.json and promises.html. @returns the summary with secrets blanked */
export async function writeReport(dir: string, raw: Summary): Promise<Summary> {
	const contents = cleanAll(raw);
	const json = `${JSON.stringify(contents, null, 2)}\n`;
	await writeReportFile(join(dir, "summary.json"), json);
	const picture = await readFile(join(dir, pictureFile)).catch(() => undefined);
	const page = renderPromisesPage(contents, picture);
	await writeReportFile(join(dir, "promises.html"), page);
	return contents;
}

/** Renders what a person reads in the terminal at the end. */
export function renderSummary(
	{
		claims,
		promises,
		chart,
		imageSource,
		standIns,
		warnings,
		criticalPath,
		verdict,
		seconds,
		patience,
	}: Summary,
	dir: string,
): string {
	const table = new Table({
		head: ["claim", "status", "time"],
		style: { head: [], border: [] },
	});
	for (const { id, title, status, seconds: took } of claims)
		table.push([`${id}\n${title}`, status, `${took.toFixed(1)} s`]);
	const accused = claims
		.filter(({ status }) => status === "refuted" || status === "inconclusive")
		.map(({ id, status, message }) => {
			const evidence = evidenceDir(
				{ reportDir: relative(process.cwd(), dir) },
				id,
			);
			const where = existsSync(evidence) ? `\n  evidence: ${evidence}/` : "";
			return `${id} is ${status}:\n${indent(message)}${where}\n`;
		});
	const skipped = claims
		.filter(
			({ status, message }) => status === "skipped" && message !== notAskedFor,
		)
		.map(({ id, message }) => `${id} was skipped: ${message}`);
	const tested = promises.filter(({ status }) => status !== "skipped");
	const count = (what: PromiseStatus) =>
		tested.filter(({ status }) => status === what).length;
	const notes = claims.flatMap(({ id, notes: said }) =>
		said.map((note) => `${id}: ${shortenNote(note)}`),
	);
	return [
		table.toString(),
		...accused,
		...skipped,
		...notes,
		...warnings.map((warning) => `warning: ${warning}`),
		chart && `chart ${chart.name} ${chart.version} (${chart.source})`,
		imageSource && `images: ${imageSource}`,
		standIns.length > 0 &&
			`stand-ins: ${standIns.length}, listed in the report`,
		tested.length > 0 &&
			`promises: of ${tested.length} that were tested, ${count("proven")} are proven, ${count("corrected")} corrected, ${count("as installed")} hold as this project installs it: promises.html`,
		patience !== 1 && `patience: ${patience}`,
		describeCriticalPath(criticalPath, seconds),
		`report: ${relative(process.cwd(), dir)}/`,
		`${verdict} in ${seconds.toFixed(0)} s`,
	]
		.filter(Boolean)
		.join("\n");
}

function indent(text: string): string {
	return text.replaceAll(/^/gm, "  ");
}

const longest = 240;

/** The whole note is in summary.json. */
function shortenNote(note: string): string {
	return cutAfter(note, longest, "... (the rest is in summary.json)");
}
