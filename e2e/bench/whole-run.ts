import { existsSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { type Phase, phase } from "../common/critical-path.ts";
import { isMissingFile, SetUpError } from "../common/errors.ts";
import { onInterrupt, stopSignal } from "../common/interruption.ts";
import { parseJsonAs } from "../common/parsing/parse-as.ts";
import { claimResult, summary } from "../harness/claims/summary.ts";
import type { RawSetUpOptions } from "../harness/set-up/options.ts";

/** A whole run, as its report says. */
export interface WholeRun {
	/** Only the time of a proven run counts: another one may have ended early, or have waited for what never came. */
	readonly isProven: boolean;
	/** Why it is not proven, in a line; empty if it is. */
	readonly failure: string;
	/** Seconds from the command's start, without the installation of packages. */
	readonly seconds: number;
	/** Empty if the run does not say when each began, as those of old checkouts. */
	readonly phases: readonly Phase[];
}

/** What is read of a report. It may be that of an older or newer checkout, so no more is asked for than is used. */
const wholeRun = z.object({
	verdict: summary.shape.verdict,
	message: z.string(),
	seconds: z.number(),
	phases: z.array(
		z.object({ ...phase.shape, begin: phase.shape.begin.optional() }),
	),
	claims: z.array(
		z.object({
			id: claimResult.shape.id,
			status: z.string(),
			message: z.string(),
		}),
	),
});

/** The options of a run as arguments that mean the same in any folder. */
export function makeArguments(raw: RawSetUpOptions): string[] {
	const archive = /^archive:(.+)$/.exec(raw.images)?.[1];
	const named = Object.entries({
		"--chart": isPath(raw.chart) ? resolve(raw.chart) : raw.chart,
		"--images": archive ? `archive:${resolve(archive)}` : raw.images,
		"--chart-version": raw.chartVersion,
		"--snapshotter": raw.snapshotter,
		"--k3s-version": raw.k3sVersion,
	});
	return [
		...named.flatMap(([name, value]) => (value ? [`${name}=${value}`] : [])),
		...raw.values.map((file) => `--values=${resolve(file)}`),
	];
}

function isPath(chart: string): boolean {
	return !["auto", "upstream", "embedded"].includes(chart) && existsSync(chart);
}

/**
 * Gets every image that a checkout's whole run needs, so that none is built while it is timed. This also installs the
 * checkout's packages.
 *
 * @throws SetUpError if that fails
 */
export async function gatherImagesOf(
	root: string,
	raw: RawSetUpOptions,
): Promise<void> {
	const end = await start(root, ["images", ...makeArguments(raw)]);
	if (end !== "exit code 0")
		throw new SetUpError(
			`the images of ${root} cannot be gathered: npm run images ended there with ${end}`,
		);
}

/**
 * Runs e2e as a person would start it, on a cluster of its own.
 *
 * @param root of this checkout, or of another one
 * @param report a folder for its report, which is emptied
 */
export async function measureWholeRun(
	raw: RawSetUpOptions,
	root: string,
	report: string,
): Promise<WholeRun> {
	await rm(report, { recursive: true, force: true });
	await mkdir(report, { recursive: true });
	const end = await start(root, [
		...["e2e", "--fresh", `--report=${report}`],
		...makeArguments(raw),
	]);
	const text = await readFile(join(report, "summary.json"), "utf8").catch(
		(error: unknown) => {
			if (isMissingFile(error)) return undefined;
			throw error;
		},
	);
	if (text === undefined) {
		const failure = `it ended with ${end}, without a report`;
		return { isProven: false, failure, seconds: 0, phases: [] };
	}
	return readWholeRun(text);
}

/** @param text a report's summary.json */
function readWholeRun(text: string): WholeRun {
	const read = parseJsonAs(wholeRun, text, "the whole run's summary.json");
	const phases = read.phases.flatMap(({ begin, ...rest }) =>
		begin === undefined ? [] : [{ ...rest, begin }],
	);
	const accused = read.claims.filter(({ status }) => status === read.verdict);
	const reasons = [
		read.message,
		...accused.map(({ id, message }) => `${id}: ${message}`),
	].map((reason) => reason.split("\n")[0]);
	const isProven = read.verdict === "proven";
	return {
		isProven,
		failure: isProven
			? ""
			: [read.verdict, ...reasons.filter(Boolean)].join(": "),
		seconds: read.seconds,
		phases: phases.length === read.phases.length ? phases : [],
	};
}

/**
 * Starts a command of a checkout by its own bootstrap.mjs, which installs its packages and takes its private Node.
 *
 * @returns how it ended, e.g. `exit code 0` or `SIGKILL`
 * @throws InterruptedError once it has tidied up, if this process was asked to stop
 */
async function start(root: string, args: readonly string[]): Promise<string> {
	const { exitCode, signal } = await execa(
		process.execPath,
		[join(root, "scripts", "bootstrap.mjs"), ...args],
		{
			cwd: root,
			stdio: "inherit",
			reject: false,
			// That of this checkout.
			env: { NODE_COMPILE_CACHE: undefined },
			cancelSignal: stopSignal,
			// Tidying up takes the time it takes.
			forceKillAfterDelay: false,
		},
	);
	if (stopSignal.aborted) await onInterrupt();
	return signal ?? `exit code ${exitCode}`;
}
