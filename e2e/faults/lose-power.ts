import { isEqual } from "es-toolkit";
import { findDamagedBlocks, readBlockFiles } from "../blocks/block-files.ts";
import { cutLengthOf } from "../blocks/cut.ts";
import { sumOf } from "../clients/exposition.ts";
import { budgets } from "../common/budgets.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import type { Environment } from "../common/environment.ts";
import { eventually, notYet } from "../common/eventually.ts";
import type { Nodes } from "../harness/cluster/nodes.ts";
import {
	findPrometheusPod,
	findPrometheusProcess,
	type NodeFolder,
} from "../harness/cluster/prometheus-pod.ts";
import { explainLoss } from "../ledger/checker.ts";
import { readFromPrometheus } from "../ledger/readers.ts";
import { findLostScrapes } from "../ledger/scraped.ts";
import { waitForNumbers } from "../ledger/wait-for-numbers.ts";
import { waitForRecovery } from "../wal/recovery.ts";
import { takeSnapshot } from "../wal/snapshot.ts";
import type { PrometheusUnderTest } from "../wal/under-test.ts";
import { volumeRoot } from "./means/grown-volume.ts";
import { addJournal } from "./means/journal.ts";
import { type Moment, makePowerLoss } from "./means/power.ts";
import {
	allowedSeconds,
	countCost,
	findExcess,
	listStrangers,
	oldEnough,
} from "./means/power-cost.ts";
import { findDataOnNode } from "./means/prometheus.ts";
import { readWriteBack } from "./means/write-back.ts";

/** Milliseconds: samples have the time when their scrape began, and are written when it is over. */
const longestScrape = 10_000;

/** What is known before the power goes. */
export type PowerWatch = Awaited<ReturnType<typeof watchPower>>;

/** Gives the volume a journal, and notes what is there. */
export async function watchPower(
	subject: PrometheusUnderTest,
	nodes: Nodes,
	environment: Environment,
) {
	const { kube, prometheus, namespace, ledger } = subject;
	const flags = await prometheus.flags();
	const dataPath = flags["storage.tsdb.path"] ?? "";
	const data = await findDataOnNode(
		kube,
		await findPrometheusPod(kube, namespace),
		dataPath,
	);
	await addJournal(environment, { kube, nodes }, { namespace, dataPath }, data);
	await waitForNumbers(ledger.history, clusterNow(), budgets.podRestart);
	await eventually(
		"Prometheus has a block that must not be damaged",
		budgets.blockUpload,
		async () =>
			(await readBlockFiles(nodes, data)).size > 0 ||
			notYet("it has cut none yet"),
	);
	const before = await takeSnapshot(subject, "10m");
	const running = await findPrometheusProcess(
		kube,
		nodes,
		prometheus,
		namespace,
	);
	const mounted = `${volumeRoot(data.folder)}/mounted`;
	return {
		data,
		before,
		/** In milliseconds. */
		blockLength: cutLengthOf(flags),
		writeBack: await readWriteBack(nodes, data.node, mounted),
		causes: [
			...(await findWalElsewhere(nodes, running.data)),
			...listStrangers(before.pod, before.place.volumeClaim),
		],
	};
}

/** A clause if the WAL is not on the volume. @param folder Prometheus' data, as its process sees them */
async function findWalElsewhere(
	nodes: Nodes,
	{ node, folder }: NodeFolder,
): Promise<string[]> {
	const found = await nodes.script(
		node,
		`stat -c %d "$1" "$1/wal" && stat -f -c %T "$1/wal"`,
		folder,
	);
	const [volume, wal, type] = found.split("\n");
	return volume === wal
		? []
		: [`its WAL is not on the volume but on a file system of type ${type}`];
}

/** Waits until only the WAL has numbers that must not be lost. @throws EnvironmentError as `oldEnough` */
export async function waitForOldNumbers(
	{ prometheus, ledger }: PrometheusUnderTest,
	{ writeBack, blockLength }: PowerWatch,
): Promise<void> {
	const seconds = oldEnough(writeBack, blockLength);
	await eventually(
		`only the WAL has numbers that are more than ${seconds} s old`,
		budgets.blockUpload,
		async () => {
			const { minTime } = (await prometheus.tsdbStatus()).headStats;
			const oldest = ledger.history.acknowledged.find(
				({ timestamp }) => timestamp >= minTime,
			);
			if (!oldest) return notYet("the head has no number");
			const age = (clusterNow() - oldest.timestamp) / 1000;
			if (age < seconds) return notYet(`the oldest is ${age.toFixed(0)} s old`);
		},
	);
}

/** Loses the power, has it back, and counts what that cost. @param ended after the power is back */
export async function losePower(
	subject: PrometheusUnderTest,
	nodes: Nodes,
	environment: Environment,
	{ data, before, writeBack, causes }: PowerWatch,
	moment: Moment,
	ended = async () => {},
) {
	const { prometheus, ledger } = subject;
	const blocks = await readBlockFiles(nodes, data);
	await using power = await makePowerLoss(
		nodes,
		environment,
		data,
		moment,
	).begin();
	const lostAt = clusterNow();
	await power.end();
	await ended();
	await waitForRecovery(subject, before);

	const after = await takeSnapshot(subject, "30m");
	const dropped =
		sumOf(after.metrics, "prometheus_tsdb_time_retentions_total") +
			sumOf(after.metrics, "prometheus_tsdb_size_retentions_total") >
		0;
	const because = dropped
		? [...causes, "Prometheus has dropped blocks because of its retention"]
		: causes;
	const damaged = findDamagedBlocks(blocks, await readBlockFiles(nodes, data), {
		dropped,
	});
	const loss = explainLoss(
		await readFromPrometheus(prometheus, ledger),
		lostAt,
	);
	const cost = countCost(loss);
	const end = cost.before.at(-1)?.outcome.at ?? lostAt;
	const settled = end - 1000 * allowedSeconds(writeBack) - longestScrape;
	const scraped = before.scraped.map(({ metric, values }) => ({
		metric,
		values: values.filter(({ timestamp }) => timestamp < settled),
	}));
	return {
		cost,
		blocks,
		flaws: [
			...damaged.map((each) =>
				[
					`Prometheus syncs a block before it uses it, but ${each}`,
					...because,
				].join("; "),
			),
			...(isEqual(after.place, before.place)
				? []
				: ["Prometheus is on another node or volume claim than before"]),
			...findExcess(cost, writeBack, because),
			...loss.otherwise,
			...findLostScrapes(scraped, after.scraped).map((each) =>
				[`${each}, before the kernel's last write-back`, ...because].join("; "),
			),
		],
	};
}
