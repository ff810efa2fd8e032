import { type BlockMeta, timeOfUlid } from "../clients/block-meta.ts";
import type { ExposedSample } from "../clients/exposition.ts";
import type { Pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import type { PrometheusClient, RangeSeries } from "../clients/prometheus.ts";
import { explainPods } from "../clients/rollout.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";
import { findPrometheusPod } from "../harness/cluster/prometheus-pod.ts";
import type { Ledger, LedgerEntry } from "../ledger/history.ts";
import type { StartedLedger } from "../ledger/writer.ts";
import { type DataPlace, findDataPlace } from "./data-volume.ts";

/** What a crash happens to. */
export interface PrometheusUnderTest {
	readonly kube: KubeClient;
	readonly prometheus: PrometheusClient;
	/** Prometheus' own. */
	readonly namespace: string;
	readonly ledger: StartedLedger;
}

/** What is known of Prometheus at one moment. */
export interface Snapshot {
	readonly pod: Pod;
	readonly place: DataPlace;
	/** How often its container began anew in this pod. */
	readonly restarts: number;
	/** When its process began. */
	readonly startTime: string;
	/** Each target's `up`, sample by sample. */
	readonly scraped: readonly RangeSeries[];
	/** What it counts about itself. */
	readonly metrics: readonly ExposedSample[];
	readonly corruptionCount: number;
}

/** Two seconds of writing. */
const enoughNumbers = 20;

/** @param reach how far back to read scraped series; after a crash further than before, by the time between */
export async function takeSnapshot(
	{ kube, prometheus, namespace }: PrometheusUnderTest,
	reach: "10m" | "30m",
): Promise<Snapshot> {
	const pod = await findPrometheusPod(kube, namespace);
	const flags = await prometheus.flags();
	const place = await findDataPlace(
		kube,
		pod,
		flags["storage.tsdb.path"] ?? "",
	);
	const { startTime, corruptionCount } = await prometheus.runtimeInfo();
	const scraped = await prometheus.rawSamples("up", reach);
	const metrics = await prometheus.metrics();
	return {
		pod,
		place,
		restarts: restartsOf(pod),
		startTime,
		corruptionCount,
		scraped,
		metrics,
	};
}

/** How often Prometheus' container began anew in its pod. */
export function restartsOf({ status }: Pod): number {
	const container = status.containerStatuses.find(
		({ name }) => name === "prometheus",
	);
	return container?.restartCount ?? 0;
}

/** Waits until enough numbers later than a moment are acknowledged. */
export async function waitForNumbers(
	ledger: Ledger,
	since: number,
	budget: number,
): Promise<void> {
	await eventually(
		"Prometheus takes samples",
		budget,
		async () => ledger.acknowledged.filter((each) => each.timestamp > since),
		({ length }) =>
			length >= enoughNumbers ||
			`${length} samples were taken; the last refusal: ${ledger.entries.findLast(({ refusal }) => refusal)?.refusal ?? "none"}`,
	);
}

/** Waits until Prometheus has begun anew, its pod is Ready, and samples are taken again. */
export async function waitForRecovery(
	{ kube, prometheus, namespace, ledger }: PrometheusUnderTest,
	{ startTime }: Snapshot,
): Promise<void> {
	await eventually(
		"Prometheus is back after its crash",
		budgets.podRestart,
		async () => {
			const pod = await findPrometheusPod(kube, namespace);
			const [trouble] = await explainPods(kube, namespace, [pod]);
			if (trouble) return trouble;
			const now = await prometheus.runtimeInfo();
			return now.startTime === startTime ? "its process has not ended" : "";
		},
		(missing) => missing === "" || missing,
	);
	// What was acknowledged before the crash, or in between, shows nothing of the process that came back.
	await waitForNumbers(ledger.ledger, Date.now(), budgets.podRestart);
}

/** What was acknowledged until now, beside what Prometheus has stored of it. */
export async function readLedgerBack({
	prometheus,
	ledger: { ledger, selector },
}: PrometheusUnderTest): Promise<{
	written: LedgerEntry[];
	stored: RangeSeries[];
}> {
	const [first] = ledger.entries;
	const last = ledger.acknowledged.at(-1);
	if (!first || !last) throw new Error("nothing was acknowledged");
	const seconds = Math.ceil((Date.now() - first.timestamp) / 1000) + 1;
	const series = await prometheus.rawSamples(selector, `${seconds}s`);
	// Writing goes on: what was acknowledged after the question cannot be in its answer.
	return {
		written: ledger.entries.filter(({ sequence }) => sequence <= last.sequence),
		stored: series.map(({ metric, values }) => ({
			metric,
			values: values.filter(({ timestamp }) => timestamp <= last.timestamp),
		})),
	};
}

/** The last number that was acknowledged before a moment, given in milliseconds. @throws Error when there is none */
export function findLastBefore(ledger: Ledger, moment: number): LedgerEntry {
	const last = ledger.acknowledged.findLast(
		({ acknowledgedAt = 0 }) => acknowledgedAt <= moment,
	);
	if (!last)
		throw new Error(
			`no number was acknowledged before ${new Date(moment).toISOString()}`,
		);
	return last;
}

/**
 * The blocks that were on disk at a moment and reach to a number: where there is none, only the WAL held it then.
 *
 * @param moment in milliseconds; blocks that were cut later got the number from the head
 */
export function findBlocksWith(
	{ timestamp }: LedgerEntry,
	blocks: readonly BlockMeta[],
	moment: number,
): string[] {
	return blocks
		.filter(
			({ ulid, maxTime }) => timeOfUlid(ulid) <= moment && maxTime > timestamp,
		)
		.map(({ ulid }) => ulid);
}

/** Of each series that was there before, in their order, the samples that are not there afterwards. */
export function subtractSamples(
	before: readonly RangeSeries[],
	after: readonly RangeSeries[],
): RangeSeries[] {
	const stored = new Map(
		after.map(({ metric, values }) => [
			keyOf(metric),
			new Set(values.map(({ timestamp }) => timestamp)),
		]),
	);
	return before.map(({ metric, values }) => {
		const times = stored.get(keyOf(metric));
		return {
			metric,
			values: values.filter(({ timestamp }) => !times?.has(timestamp)),
		};
	});
}

/** A sentence for each scraped series that lost samples it had before. */
export function findLostSamples(
	before: readonly RangeSeries[],
	after: readonly RangeSeries[],
): string[] {
	return subtractSamples(before, after).flatMap(
		({ metric, values: lost }, i) =>
			lost.length === 0
				? []
				: [
						`up of ${metric.job} ${metric.instance} lost ${lost.length} of ${before[i]?.values.length} samples, the last at ${new Date(lost.at(-1)?.timestamp ?? 0).toISOString()}`,
					],
	);
}

function keyOf(metric: Readonly<Record<string, string>>): string {
	return JSON.stringify(
		Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1)),
	);
}
