import { join } from "node:path";
import { findCriticalPath } from "../../common/critical-path.ts";
import {
	BadInputError,
	exitCodes,
	explainError,
	messageOf,
} from "../../common/errors.ts";
import { InterruptedError } from "../../common/interruption.ts";
import {
	refuseExposed,
	writeReportFile,
} from "../../common/output/report-file.ts";
import { print, printError } from "../../common/output/terminal.ts";
import { patience } from "../../common/patience.ts";
import type { Progress } from "../../common/progress.ts";
import { readOverrides } from "../chart/overrides.ts";
import { readValuesFile } from "../chart/read-values-file.ts";
import {
	type ClaimResult,
	type Summary,
	verdictOf,
} from "../claims/summary.ts";
import { addons } from "../set-up/addons/addons.ts";
import { baseStandIns } from "../set-up/base-objects.ts";
import type { StartedEnvironment } from "../set-up/fresh-environment.ts";
import { judgePromises, readPromises } from "./promises.ts";
import { renderSummary, writeReport } from "./report.ts";

/** What is known of a run so far; filled in while it goes on. */
export interface RunRecord {
	readonly values: readonly string[];
	started?: StartedEnvironment;
	claims: ClaimResult[];
}

/**
 * Runs `action` and writes its report, even if it fails or is interrupted.
 *
 * @returns the exit code of the claims' verdict
 */
export async function withReport(
	dir: string,
	values: readonly string[],
	progress: Progress,
	action: (record: RunRecord) => Promise<void>,
): Promise<number> {
	const record: RunRecord = { values, claims: [] };
	const files = await Promise.all(values.map((name) => readValuesFile(name)));
	const overrides = await readOverrides(files);
	for (const { value, replaces, reason } of overrides)
		if (replaces)
			progress.say(`the test has ${value}, not ${replaces}: ${reason}`);
	const write = async (
		outcome: Pick<Summary, "verdict" | "message">,
	): Promise<Summary> => {
		const seconds = (Date.now() - progress.startedAt.getTime()) / 1000;
		const contents: Summary = {
			...outcome,
			startedAt: progress.startedAt.toISOString(),
			seconds,
			patience: patience(),
			chart: record.started?.environment.chart ?? null,
			imageSource: record.started?.imageSource ?? null,
			standIns: record.started ? listStandIns(record.started) : [],
			warnings: [...(record.started?.warnings ?? [])],
			values: [...values],
			overrides,
			phases: progress.phases,
			criticalPath: findCriticalPath(progress.phases, seconds),
			claims: record.claims,
			promises: judgePromises(
				await readPromises(),
				record.claims,
				record.started?.rendered,
			),
		};
		const written = await writeReport(dir, contents);
		await writeLog(dir, [...progress.lines, written.message]);
		return written;
	};
	let verdict: ReturnType<typeof verdictOf>;
	let contents: Summary;
	let shown: string;
	try {
		await action(record);
		verdict = verdictOf(record.claims);
		contents = await write({ verdict, message: "" });
		shown = `\n${renderSummary(contents, dir)}`;
		await writeLog(dir, [...progress.lines, shown]);
		await refuseExposed(dir);
	} catch (error) {
		await write({
			verdict: verdictOfFailure(error),
			message: explainError(error),
		})
			.then(() => refuseExposed(dir))
			.catch((failure: unknown) => {
				// What ended the run counts; and it may be that its report cannot be written.
				if (messageOf(failure) !== messageOf(error))
					printError(messageOf(failure));
			});
		throw error;
	}
	print(shown);
	return verdict === "inconclusive"
		? exitCodes.setUpFailed
		: exitCodes[verdict];
}

/** Writes run.log: what the terminal showed. */
async function writeLog(dir: string, lines: readonly string[]): Promise<void> {
	await writeReportFile(join(dir, "run.log"), `${lines.join("\n")}\n`);
}

/** Lists built images first, then how every run differs from a homelab, then how its addons do. */
function listStandIns({ standIns, environment }: StartedEnvironment): string[] {
	return [
		...standIns,
		...baseStandIns,
		...addons.flatMap(({ name, difference }) =>
			difference && environment.addons.includes(name)
				? [`addon ${name}: ${difference}`]
				: [],
		),
	];
}

function verdictOfFailure(error: unknown): Summary["verdict"] {
	if (error instanceof InterruptedError) return "interrupted";
	return error instanceof BadInputError ? "bad-input" : "set-up-failed";
}
