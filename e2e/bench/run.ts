import Table from "cli-table3";
import { median, sumBy } from "es-toolkit";
import { findCriticalPath } from "../common/critical-path.ts";
import type { Progress } from "../common/progress.ts";
import { withRun } from "../harness/run/with-run.ts";
import { gatherImages } from "../harness/set-up/gather-images.ts";
import {
	type RawSetUpOptions,
	readSetUpOptions,
} from "../harness/set-up/options.ts";
import { measureNodes, measureWholeRun } from "./measure.ts";

export interface BenchOptions {
	/** As for a whole run. */
	readonly raw: RawSetUpOptions;
	/** How often each cluster is started. */
	readonly rounds: number;
	/** Whether a whole run is timed, too. */
	readonly whole: boolean;
}

/** Times one server alone, four nodes, and a whole run. @returns a table of seconds */
export async function runBench(
	{ raw, rounds, whole }: BenchOptions,
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
	if (whole) {
		const { seconds, phases } = await measureWholeRun(raw);
		add("npm run e2e, whole", [seconds]);
		for (const phase of phases) add(`  ${phase.name}`, [phase.seconds]);
		const path = findCriticalPath(phases);
		add("critical path of it", [sumBy(path, (phase) => phase.seconds)]);
		for (const phase of path) add(`  ${phase.name}`, [phase.seconds]);
	}
	return table.toString();
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
