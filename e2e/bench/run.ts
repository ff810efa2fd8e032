import { readdir, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { projectPath, projectRoot } from "../common/paths.ts";
import type { Progress } from "../common/progress.ts";
import { emptyReportFolder } from "../harness/report/begin.ts";
import { withRun } from "../harness/run/with-run.ts";
import { gatherImages } from "../harness/set-up/gather-images.ts";
import {
	type RawSetUpOptions,
	readSetUpOptions,
} from "../harness/set-up/options.ts";
import { measureNodes } from "./measure-nodes.ts";
import { gatherImagesOf, measureWholeRun, type WholeRun } from "./whole-run.ts";
import { renderTimed } from "./whole-table.ts";

export interface BenchOptions {
	/** As for a whole run. */
	readonly raw: RawSetUpOptions;
	/** How often each of them is timed. */
	readonly rounds: number;
	/** Whether whole runs are timed, too. */
	readonly whole: boolean;
	/** The root of another checkout, whose whole runs are timed in turn with ours. */
	readonly against: string | undefined;
}

/**
 * Times one server alone, four nodes, and whole runs, of this checkout and of another one. In each round each of them has
 * its turn, so that a slow moment of the machine hits all.
 *
 * @returns a table of seconds
 */
export async function runBench(
	{ raw, rounds, whole, against }: BenchOptions,
	progress: Progress,
): Promise<string> {
	const options = await readSetUpOptions(raw);
	// First, so that a checkout that does not work ends the bench at once.
	if (against) await gatherImagesOf(against, raw);
	const images = await withRun(progress, (context) =>
		gatherImages(context, options, progress),
	);
	const reports = await emptyReports();
	const floor: number[] = [];
	const fourNodes: number[] = [];
	const here: WholeRun[] = [];
	const there: WholeRun[] = [];
	const measureWhole = async (root: string, name: string) => {
		const report = join(reports, name);
		const measured = await measureWholeRun(raw, root, report);
		const took = `${measured.seconds.toFixed(1)} s`;
		progress.say(
			`${name}: ${measured.failure || "proven"} in ${took}: ${relative(process.cwd(), report)}/`,
		);
		return measured;
	};
	for (let round = 1; round <= rounds; round++) {
		floor.push(await measureNodes(images, [], progress));
		fourNodes.push(
			await measureNodes(images, ["small", "medium", "large"], progress),
		);
		if (!whole) continue;
		here.push(await measureWhole(projectRoot, `round-${round}-here`));
		if (against)
			there.push(await measureWhole(against, `round-${round}-there`));
	}
	return renderTimed({ floor, fourNodes, here, there }, against);
}

/** @returns the folder of the whole runs' reports, without those of an earlier bench */
async function emptyReports(): Promise<string> {
	const dir = projectPath("e2e-report", "bench", "whole");
	await emptyReportFolder(dir, []);
	const names = await readdir(dir);
	for (const name of names.filter((each) => each.startsWith("round-")))
		await rm(join(dir, name), { recursive: true, force: true });
	return dir;
}
