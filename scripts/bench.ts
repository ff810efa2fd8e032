import Table from "cli-table3";
import { execa } from "execa";
import {
	startCluster,
	type Tier,
	waitForNodes,
} from "../e2e/harness/cluster.ts";
import { onInterrupt, runCommand } from "../e2e/harness/command.ts";
import type { Engine } from "../e2e/harness/engine/engine.ts";
import { BadInputError, exitCodes } from "../e2e/harness/errors.ts";
import { gatherImages } from "../e2e/harness/gather-images.ts";
import type { ArchiveIndex } from "../e2e/harness/images/archive-source.ts";
import {
	makeCommand,
	parseArguments,
	type RawSetUpOptions,
	readSetUpOptions,
	withSetUpOptions,
} from "../e2e/harness/options.ts";
import { cacheDir, projectPath } from "../e2e/harness/paths.ts";
import { Progress } from "../e2e/harness/progress.ts";
import { beginRun } from "../e2e/harness/run.ts";
import { prepareEngine } from "../e2e/harness/session.ts";
import { removeRun } from "../e2e/harness/sweep.ts";

const command = withSetUpOptions(
	makeCommand(
		"bench",
		"Times four nodes against one k3s server alone, in turns, and then a whole run. Nothing is asserted.",
	),
)
	.option("--rounds <n>", "how often each cluster is started", "3")
	.option("--no-whole", "leave out the whole run");

await runCommand(async () => {
	const raw = parseArguments<
		RawSetUpOptions & { rounds: string; whole: boolean }
	>(command, process.argv.slice(2));
	if (!raw) return exitCodes.proven;
	const rounds = Number(raw.rounds);
	if (!Number.isInteger(rounds) || rounds < 1)
		throw new BadInputError(`--rounds ${raw.rounds}: must be 1 or more`);
	const interrupted = onInterrupt();
	interrupted.catch(() => undefined);
	const progress = new Progress();
	const engine = await prepareEngine(progress);
	const images = await gatherImages(
		engine,
		await readSetUpOptions(raw),
		progress,
	);
	const floor: number[] = [];
	const four: number[] = [];
	for (let round = 0; round < rounds; round++) {
		floor.push(await time(engine, images, [], progress, interrupted));
		four.push(
			await time(
				engine,
				images,
				["small", "medium", "large"],
				progress,
				interrupted,
			),
		);
	}
	const base = median(floor);
	const table = new Table({
		head: ["", "median s", "min s", "max s", "ratio to floor"],
		style: { head: [], border: [] },
	});
	table.push(
		row("floor: one server Ready", floor, base),
		row("four nodes Ready", four, base),
	);
	if (raw.whole) {
		const { seconds, phases } = await wholeRun();
		table.push(row("npm run e2e, whole", [seconds], base));
		for (const phase of phases)
			table.push(row(`  ${phase.name}`, [phase.seconds], base));
	}
	console.log(table.toString());
	return exitCodes.proven;
});

/** Seconds from the first container until every node is Ready. */
async function time(
	engine: Engine,
	{ components }: ArchiveIndex,
	tiers: Tier[],
	progress: Progress,
	interrupted: Promise<never>,
): Promise<number> {
	const run = await beginRun();
	const network = `o11y-e2e-${run.id}`;
	try {
		await engine.docker.createNetwork({
			Name: network,
			Labels: { ...run.labels },
		});
		const began = Date.now();
		const start = async () => {
			const cluster = await startCluster(engine, run, {
				image: components.k3s?.local ?? "",
				pauseImage: components.pause?.reference ?? "",
				network,
				registryMirror: "nowhere.invalid",
				tiers,
			});
			await waitForNodes(cluster);
		};
		await progress.phase(`${1 + tiers.length} node(s) Ready`, () =>
			Promise.race([start(), interrupted]),
		);
		return (Date.now() - began) / 1000;
	} finally {
		await removeRun(engine.docker, run.id);
		await run.end();
	}
}

interface Whole {
	readonly seconds: number;
	readonly phases: readonly { name: string; seconds: number }[];
}

/** A run as a person would start it, on a cluster of its own; its summary. */
async function wholeRun(): Promise<Whole> {
	const report = cacheDir("bench-report");
	await execa(
		process.execPath,
		[projectPath("scripts/e2e.ts"), "--fresh", `--report=${report}`],
		{ stdio: "inherit", reject: false },
	);
	const { default: summary }: { default: Whole } = await import(
		`${report}/summary.json`,
		{ with: { type: "json" } }
	);
	return summary;
}

function row(
	name: string,
	seconds: readonly number[],
	floor: number,
): string[] {
	const mid = median(seconds);
	return [
		name,
		mid.toFixed(1),
		Math.min(...seconds).toFixed(1),
		Math.max(...seconds).toFixed(1),
		(mid / floor).toFixed(2),
	];
}

function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted[Math.floor(sorted.length / 2)];
	return middle ?? Number.NaN;
}
