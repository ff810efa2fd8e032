import { readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { phase } from "../common/critical-path.ts";
import { SetUpError } from "../common/errors.ts";
import { cacheDir } from "../common/paths.ts";
import type { Progress } from "../common/progress.ts";
import { startCluster } from "../harness/cluster/cluster.ts";
import { prepareMachine } from "../harness/cluster/machine.ts";
import { waitForNodes } from "../harness/cluster/nodes-ready.ts";
import type { Tier } from "../harness/cluster/tiers.ts";
import type { ArchiveIndex } from "../harness/images/archive-source.ts";
import { createNetwork } from "../harness/run/run.ts";
import { withRun } from "../harness/run/with-run.ts";
import { imageOf, kubeVersionOf } from "../harness/set-up/cluster-images.ts";
import type { RawSetUpOptions } from "../harness/set-up/options.ts";

/** Seconds from the first container until every node is Ready. */
export function measureNodes(
	{ components }: ArchiveIndex,
	tiers: Tier[],
	progress: Progress,
): Promise<number> {
	return withRun(progress, async ({ engine, run }) => {
		const network = await createNetwork(engine, run);
		const began = performance.now();
		await progress.phase(`${1 + tiers.length} node(s) Ready`, async () => {
			const k3s = imageOf(new Map(Object.entries(components)), "k3s");
			const image = k3s.local;
			const say = (line: string) => progress.say(line);
			const cluster = await startCluster(engine, run, {
				image,
				kubeVersion: kubeVersionOf(k3s),
				snapshotter: undefined,
				machine: await prepareMachine(engine, run, image, say),
				pauseImage: components.pause?.reference ?? "",
				network,
				registryMirror: "nowhere.invalid",
				tiers,
			});
			await waitForNodes(engine.docker, cluster);
		});
		return (performance.now() - began) / 1000;
	});
}

const wholeRun = z.object({
	seconds: z.number(),
	// Older checkouts do not say when a phase began.
	phases: z.array(phase.extend({ begin: z.number().default(0) })),
});
export type WholeRun = z.infer<typeof wholeRun>;

/**
 * Runs e2e as a person would start it, on a cluster of its own.
 *
 * @param root of this checkout, or of another one
 * @returns how long it and each phase took
 */
export async function measureWholeRun(
	raw: RawSetUpOptions,
	root: string,
): Promise<WholeRun> {
	const report = cacheDir("bench-report");
	const file = join(report, "summary.json");
	// That of an earlier run.
	await rm(file, { force: true });
	const { exitCode, signal } = await execa(
		process.execPath,
		[
			join(root, "scripts", "e2e.ts"),
			"--fresh",
			`--report=${report}`,
			`--chart=${raw.chart}`,
			`--images=${raw.images}`,
			...(raw.chartVersion ? [`--chart-version=${raw.chartVersion}`] : []),
			...(raw.snapshotter ? [`--snapshotter=${raw.snapshotter}`] : []),
			...(raw.k3sVersion ? [`--k3s-version=${raw.k3sVersion}`] : []),
			...raw.values.map((file) => `--values=${resolve(file)}`),
		],
		{ stdio: "inherit", reject: false, cwd: root },
	);
	const text = await readFile(file, "utf8").catch((cause: unknown) => {
		const end = signal ?? `exit code ${exitCode}`;
		throw new SetUpError(`the whole run ended with ${end}, without a report`, {
			cause,
		});
	});
	return wholeRun.parse(JSON.parse(text));
}
