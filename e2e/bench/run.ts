import Table from "cli-table3";
import { median } from "es-toolkit";
import { findCriticalPath } from "../common/critical-path.ts";
import { projectRoot } from "../common/paths.ts";
import type { Progress } from "../common/progress.ts";
import { withRun } from "../harness/run/with-run.ts";
import { gatherImages } from "../harness/set-up/gather-images.ts";
import {
	type RawSetUpOptions,
	readSetUpOptions,
} from "../harness/set-up/options.ts";
import { measureNodes, measureWholeRun, type WholeRun } from "./measure.ts";
import { measureScale } from "./scale.ts";

export interface BenchOptions {
	/** As for a whole run. */
	readonly raw: RawSetUpOptions;
	/** How often each cluster is started. */
	readonly rounds: number;
	/** Whether whole runs are timed, too. */
	readonly whole: boolean;
	/** The root of another checkout, whose whole runs are timed in turn with ours. */
	readonly against: string | undefined;
	/** How many times the stack's own work the claims are tested with, instead of whole runs; undefined if they are not. */
	readonly scale: number | undefined;
	/** Ids of the claims that are tested then; if empty, all. */
	readonly only: readonly string[];
}

/**
 * Times one server alone, four nodes, and a whole run; or as many whole runs of this checkout and another one, in turn; or
 * the claims with more to judge.
 *
 * @returns a table of seconds
 */
export async function runBench(
	{ raw, rounds, whole, against, scale, only }: BenchOptions,
	progress: Progress,
): Promise<string> {
	const options = await readSetUpOptions(raw);
	const images = await withRun(progress, (context) =>
		gatherImages(context, options, progress),
	);
	const floor: number[] = [];
	const four: number[] = [];
	// Alternately, so that a slow moment of the machine hits both.
	for (let round = 0; round < rounds; round++) {
		floor.push(await measureNodes(images, [], progress));
		four.push(
			await measureNodes(images, ["small", "medium", "large"], progress),
		);
	}
	const table = new Table({
		head: ["", "median s", "min s", "max s", "ratio to floor"],
		style: { head: [], border: [] },
	});
	const add = (name: string, seconds: readonly number[]) =>
		table.push(makeRow(name, seconds, median(floor)));
	add("floor: one server Ready", floor);
	add("four nodes Ready", four);
	if (scale !== undefined) {
		const scaled = { setUp: options, scale, rounds, only };
		return `${table}\n${await measureScale(scaled, progress)}`;
	}
	if (!whole) return table.toString();
	const own: WholeRun[] = [];
	const other: WholeRun[] = [];
	for (let round = 0; round < (against ? rounds : 1); round++) {
		own.push(await measureWholeRun(raw, projectRoot));
		if (against) other.push(await measureWholeRun(raw, against));
	}
	add("npm run e2e, whole", own.map(secondsOf));
	if (against) add(`the same in ${against}`, other.map(secondsOf));
	const phases = own.at(-1)?.phases ?? [];
	for (const phase of phases) add(`  ${phase.name}`, [phase.seconds]);
	const path = findCriticalPath(phases, own.at(-1)?.seconds ?? 0);
	add("its critical path", [path.seconds]);
	for (const { name, seconds, gap } of path.parts)
		add(`  ${gap ? "(no phase) " : ""}${name}`, [seconds]);
	const ratio = path.ratio?.toFixed(2) ?? "unknown";
	return `${table}\nthe whole run to its critical path: ${ratio}`;
}

function secondsOf({ seconds }: { readonly seconds: number }): number {
	return seconds;
}

function makeRow(
	name: string,
	seconds: readonly number[],
	floor: number,
): string[] {
	const middle = median(seconds);
	return [
		name,
		middle.toFixed(1),
		Math.min(...seconds).toFixed(1),
		Math.max(...seconds).toFixed(1),
		(middle / floor).toFixed(2),
	];
}
