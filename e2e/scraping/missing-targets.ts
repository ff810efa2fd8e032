import type { KubeClient } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { parseAs } from "../common/parsing/parse-as.ts";
import { type ClusterState, readClusterState } from "./cluster-state.ts";
import {
	comparePools,
	lacksTarget,
	type MissingTargets,
} from "./compare-pools.ts";
import { expectJobs, expectPools } from "./expected-pools.ts";
import { isInCluster } from "./in-cluster.ts";
import { monitorOverrides, whyOutOfSight } from "./monitor-overrides.ts";
import type { ObjectSelection } from "./object-selection.ts";
import { whyLeftOut } from "./own-rules.ts";
import { withoutPlantedTargets } from "./own-targets.ts";
import { mayFindNothing } from "./promised-targets.ts";
import { explainNotLoaded, readObjectSelection } from "./refusals.ts";
import { describeHealth, lacksFile } from "./target-health.ts";
import { whyRefused } from "./target-timing.ts";

/**
 * Compares the targets of each replica of Prometheus with those that the cluster's monitors, services and pods define,
 * except for what tests have planted.
 *
 * @param namespace that of Prometheus
 * @returns a sentence for each difference; none if all targets are there and up
 */
export async function findMissingTargets(
	kube: KubeClient,
	prometheus: PrometheusClient,
	namespace: string,
): Promise<string[]> {
	const state = await readClusterState(kube);
	const selection = await readObjectSelection(kube, namespace);
	const replicas = await prometheus.each();
	const missing = await Promise.all(
		replicas.map((one) => findMissingIn(one, { kube, state, selection })),
	);
	return [...new Set(missing.flat())];
}

async function findMissingIn(
	prometheus: PrometheusClient,
	{
		kube,
		state,
		selection,
	}: {
		readonly kube: KubeClient;
		readonly state: ClusterState;
		readonly selection: ObjectSelection;
	},
): Promise<string[]> {
	const overrides = parseAs(
		monitorOverrides,
		selection.spec,
		"the spec of the Prometheus object",
	);
	const { scrape_configs } = await prometheus.config();
	const { active } = await prometheus.targets({ state: "active" });
	const pools = expectPools(state, mayFindNothing);
	const others = expectJobs(state);
	const unloaded = [...pools, ...others].filter(
		({ name }) => !scrape_configs.some(({ job_name }) => job_name === name),
	);
	const reasons = new Map(
		await Promise.all(
			unloaded.map(
				async (job) =>
					[
						job,
						await explainNotLoaded(kube, job.definedBy, selection),
					] as const,
			),
		),
	);
	const own = withoutPlantedTargets(active, state);
	// What a pool has dropped is a long answer: everything that the others of its namespaces scrape.
	const isDropped = await readDropped(
		prometheus,
		pools
			.filter((pool) => pool.leavesOut && lacksTarget(pool, own))
			.map(({ name }) => name),
	);
	return comparePools(
		{ pools, others },
		scrape_configs.map(({ job_name }) => job_name),
		own,
		{
			whyNotLoaded: (job) => reasons.get(job),
			whyRefused: (pool) =>
				whyOutOfSight(pool, state, overrides) ??
				whyRefused(pool, scrape_configs) ??
				whyLeftOut(pool, scrape_configs),
			isDropped,
			isInCluster: (target) => isInCluster(target, state),
		},
	);
}

/** Which targets of some pools Prometheus has dropped. Of a list that is cut off, any may be. */
async function readDropped(
	prometheus: PrometheusClient,
	pools: readonly string[],
): Promise<MissingTargets["isDropped"]> {
	const lists = new Map(
		await Promise.all(
			pools.map(async (pool) => {
				const { dropped, droppedCounts } = await prometheus.targets({
					state: "dropped",
					scrapePool: pool,
				});
				const addresses = dropped.map(
					({ discoveredLabels }) => discoveredLabels.__address__,
				);
				const isCutOff = (droppedCounts[pool] ?? 0) > dropped.length;
				return [pool, { addresses, isCutOff }] as const;
			}),
		),
	);
	return (pool, address) => {
		const list = lists.get(pool);
		return list ? list.isCutOff || list.addresses.includes(address) : false;
	};
}

/** What is not as a person may expect, and breaks no promise, as sentences. */
export async function listUnpromised(
	kube: KubeClient,
	prometheus: PrometheusClient,
): Promise<string[]> {
	const state = await readClusterState(kube);
	const { active } = await prometheus.targets({ state: "active" });
	const own = withoutPlantedTargets(active, state);
	return expectPools(state, mayFindNothing)
		.flatMap(({ name, addresses, source, leavesOut }) => {
			const { length } = own.filter(({ scrapePool }) => scrapePool === name);
			if (addresses.length === 0)
				return [`pool ${name} finds nothing yet: ${source}`];
			return leavesOut && length < addresses.length
				? [
						`pool ${name} scrapes ${length} of ${addresses.length} targets: its monitor's relabelling leaves out the others`,
					]
				: [];
		})
		.concat(
			own
				.filter(
					(target) =>
						target.health !== "up" &&
						!isInCluster(target, state) &&
						!lacksFile(target),
				)
				.map(
					(target) =>
						`pool ${target.scrapePool}: ${describeHealth(target)}; it is not part of this cluster`,
				),
		);
}
