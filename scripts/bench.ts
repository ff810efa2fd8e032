import Table from "cli-table3";
import { execa } from "execa";
import { runCommand } from "../e2e/common/command.ts";
import { BadInputError, exitCodes } from "../e2e/common/errors.ts";
import { cacheDir, projectPath } from "../e2e/common/paths.ts";
import { Progress } from "../e2e/common/progress.ts";
import {
	startCluster,
	type Tier,
	waitForNodes,
} from "../e2e/harness/cluster/cluster.ts";
import type { ArchiveIndex } from "../e2e/harness/images/archive-source.ts";
import { createNetwork } from "../e2e/harness/run/run.ts";
import { withRun } from "../e2e/harness/run/with-run.ts";
import { gatherImages } from "../e2e/harness/set-up/gather-images.ts";
import {
	makeCommand,
	parseArguments,
	type RawSetUpOptions,
	readSetUpOptions,
	withSetUpOptions,
} from "../e2e/harness/set-up/options.ts";

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
	const options = await readSetUpOptions(raw);
	const progress = new Progress();
	const floor: number[] = [];
	const four: number[] = [];
	const images = await withRun(progress, (context) =>
		gatherImages(context, options, progress),
	);
	for (let round = 0; round < rounds; round++) {
		floor.push(await time(images, [], progress));
		four.push(await time(images, ["small", "medium", "large"], progress));
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
		const { seconds, phases } = await wholeRun(raw);
		table.push(row("npm run e2e, whole", [seconds], base));
		for (const phase of phases)
			table.push(row(`  ${phase.name}`, [phase.seconds], base));
	}
	console.log(table.toString());
	return exitCodes.proven;
});

/** Seconds from the first container until every node is Ready. */
function time(
	{ components }: ArchiveIndex,
	tiers: Tier[],
	progress: Progress,
): Promise<number> {
	return withRun(progress, async ({ engine, run }) => {
		const network = await createNetwork(engine, run);
		const began = Date.now();
		await progress.phase(`${1 + tiers.length} node(s) Ready`, async () => {
			const cluster = await startCluster(engine, run, {
				image: components.k3s?.local ?? "",
				pauseImage: components.pause?.reference ?? "",
				network,
				registryMirror: "nowhere.invalid",
				tiers,
			});
			await waitForNodes(cluster);
		});
		return (Date.now() - began) / 1000;
	});
}

interface Whole {
	readonly seconds: number;
	readonly phases: readonly { name: string; seconds: number }[];
}

/** A run as a person would start it, on a cluster of its own; its summary. */
async function wholeRun(raw: RawSetUpOptions): Promise<Whole> {
	const report = cacheDir("bench-report");
	await execa(
		process.execPath,
		[
			projectPath("scripts/e2e.ts"),
			"--fresh",
			`--report=${report}`,
			`--chart=${raw.chart}`,
			`--images=${raw.images}`,
			...(raw.chartVersion ? [`--chart-version=${raw.chartVersion}`] : []),
			...(raw.k3sVersion ? [`--k3s-version=${raw.k3sVersion}`] : []),
			...raw.values.map((file) => `--values=${file}`),
		],
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
