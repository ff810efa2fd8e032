import { describe } from "vitest";
import { node, pod } from "./clients/kube-objects.ts";
import { budgets } from "./common/budgets.ts";
import { clusterNow } from "./common/clock/cluster-clock.ts";
import { eventually, notYet } from "./common/eventually.ts";
import { makeSelector } from "./common/promql.ts";
import { makeCordon } from "./harness/cluster/cordon.ts";
import { findPrometheusPod } from "./harness/cluster/prometheus-pod.ts";
import { waitForLongBackOff } from "./kube-metrics/back-off.ts";
import {
	readCapacitySeries,
	readClaimedVolumes,
} from "./kube-metrics/claimed-volumes.ts";
import {
	listTrueConditions,
	readNodeCapacities,
	readPhases,
	readReplicas,
} from "./kube-metrics/cluster-truth.ts";
import {
	containerMetric,
	countKnown,
	explainNone,
	findMisplaced,
	waitForContainerScrapes,
} from "./kube-metrics/container-series.ts";
import { test } from "./kube-metrics/fixtures.ts";
import { listJudged, takeOf } from "./kube-metrics/judged-namespaces.ts";
import { findMissingSeries } from "./kube-metrics/minimal-series.ts";
import { newestOf } from "./kube-metrics/newest.ts";
import { readHardware } from "./kube-metrics/node-series.ts";
import { planted } from "./kube-metrics/planting.ts";
import {
	describeDifference,
	findStorageFlaws,
} from "./kube-metrics/prometheus-storage.ts";
import { readMinimalSeries } from "./kube-metrics/read-minimal-series.ts";
import { readTemplate, readVolumeClaim } from "./kube-metrics/read-storage.ts";
import { whyNoRootFileSystem } from "./kube-metrics/root-file-system.ts";
import { waitForStateScrape } from "./kube-metrics/state-source.ts";
import {
	readFacts,
	takeNewerThan,
	waitForTruth,
} from "./kube-metrics/truth.ts";
import {
	capacityMetrics,
	compareCapacities,
} from "./kube-metrics/volume-capacities.ts";
import { findDataPlace } from "./wal/data-volume.ts";

describe("kube-state-metrics and Node Exporter tell the truth about the cluster", () => {
	test.concurrent("a pod in CrashLoopBackOff shows within two scrapes", async ({
		troubled,
		waitForState,
		kube,
		prometheus,
	}) => {
		const metric = "kube_pod_container_status_waiting_reason";
		const selector = makeSelector(metric, { namespace: troubled });
		const waiting = {
			by: ["pod", "container", "reason"],
			all: { __name__: metric, namespace: troubled },
		};
		await waitForLongBackOff(kube, troubled, planted.crashing);
		await waitForState(
			"only the crashing pod is reported as waiting",
			waiting,
			async () => ({
				measured: readFacts(
					await prometheus.query(`${selector} == 1`),
					waiting,
				),
				truth: { [`${planted.crashing}/main/CrashLoopBackOff`]: 1 },
			}),
		);
	});

	test.concurrent("pods' phases are those of the cluster", async ({
		troubled,
		waitForState,
		source: { scope },
		kube,
		prometheus,
		annotate,
	}) => {
		const metric = "kube_pod_status_phase";
		const phases = {
			by: ["namespace", "pod", "phase"],
			all: { __name__: metric },
		};
		await waitForState(
			"the phase of each pod is reported",
			phases,
			async () => {
				const series = await prometheus.query(
					newestOf(metric, `${metric} == 1`),
				);
				const namespaces = await listJudged(kube, troubled, scope);
				return {
					measured: readFacts(takeOf(namespaces, series), phases),
					truth: await readPhases(kube, namespaces),
				};
			},
		);
		if (scope.leftOut.length > 0)
			await annotate(
				`kube-state-metrics leaves out namespace ${scope.leftOut.join(", ")}, as its values say`,
			);
	});

	test.concurrent("a Deployment short of replicas shows within two scrapes, one that is rolled out does not", async ({
		troubled,
		waitForState,
		source: { scope },
		kube,
		prometheus,
	}) => {
		const metrics = [
			"kube_deployment_spec_replicas",
			"kube_deployment_status_replicas_available",
		] as const;
		const replicas = { by: ["__name__", "namespace", "deployment"], all: {} };
		await waitForState(
			"the replicas of each Deployment are reported, those of the two planted ones too",
			replicas,
			async () => {
				const series = await Promise.all(
					metrics.map((metric) => prometheus.query(newestOf(metric))),
				);
				const namespaces = await listJudged(kube, troubled, scope);
				return {
					measured: readFacts(takeOf(namespaces, series.flat()), replicas),
					truth: await readReplicas(kube, namespaces, metrics),
				};
			},
		);
	});

	test.concurrent("containers' series have the namespaces of their pods", async ({
		kube,
		prometheus,
		annotate,
		expect,
	}) => {
		const began = clusterNow();
		const targets = await waitForContainerScrapes(prometheus, began);
		if (targets.length === 0) {
			await annotate(
				"no kubelet's cAdvisor is scraped: there are no series of containers to judge",
			);
			return;
		}
		const { scrape_configs } = await prometheus.config();
		const pods = await kube.list({ apiVersion: "v1", kind: "Pod" }, pod);
		// A target is scraped a moment before its samples can be queried.
		const series = await eventually(
			`Prometheus has ${containerMetric} of a pod of the cluster`,
			budgets.request,
			async () => {
				const found = await prometheus.query(
					`group by (namespace, pod) (timestamp(${containerMetric}) > ${began / 1000})`,
				);
				const labels = found.map(({ metric }) => metric);
				return countKnown(labels, pods) > 0
					? labels
					: notYet(
							[
								"it has none",
								...explainNone(targets, pods, scrape_configs),
							].join("; "),
						);
			},
		);
		expect(findMisplaced(series, pods, targets, scrape_configs)).toEqual([]);
	});

	test.concurrent("a volume claim's capacity shows within two scrapes, that of Prometheus' own is 8 GB or more on longhorn", async ({
		troubled,
		waitForState,
		source,
		kube,
		prometheus,
		environment,
		annotate,
		expect,
	}) => {
		const began = clusterNow();
		await waitForStateScrape(prometheus, source, began);
		await waitForState(
			"the capacity of each volume claim is reported",
			{
				by: ["namespace", "persistentvolumeclaim"],
				all: { __name__: capacityMetrics.requests },
			},
			async () => {
				const namespaces = await listJudged(kube, troubled, source.scope);
				return compareCapacities(
					await readCapacitySeries(prometheus, began, namespaces),
					await readClaimedVolumes(kube, namespaces),
				);
			},
		);
		const pod = await findPrometheusPod(kube, environment.namespace);
		const { volumeClaim } = await findDataPlace(
			kube,
			pod,
			(await prometheus.flags())["storage.tsdb.path"] ?? "",
		);
		const inUse = await readVolumeClaim(
			kube,
			environment.namespace,
			volumeClaim,
		);
		const template = await readTemplate(kube, pod);
		const difference = describeDifference(template, inUse);
		if (difference) await annotate(difference);
		expect(findStorageFlaws(template, inUse)).toEqual([]);
	});

	test.concurrent("a cordoned node shows, and the conditions of all", async ({
		kube,
		waitForState,
		prometheus,
	}) => {
		// Nothing that a claim plants or breaks needs this node.
		await using cordon = await makeCordon(kube, "server").begin();
		const cordonedAt = clusterNow();
		const readSince = async (selector: string) =>
			takeNewerThan(await prometheus.rawSamples(selector, "2m"), cordonedAt);
		const nodes = await kube.list({ apiVersion: "v1", kind: "Node" }, node);
		const unschedulable = {
			by: ["node"],
			all: { __name__: "kube_node_spec_unschedulable" },
		};
		await waitForState(
			"only server is reported as unschedulable",
			unschedulable,
			async () => ({
				measured: readFacts(
					await readSince(unschedulable.all.__name__),
					unschedulable,
				),
				truth: Object.fromEntries(
					nodes.map(({ metadata: { name } }) => [
						name,
						name === "server" ? 1 : 0,
					]),
				),
			}),
		);
		const conditions = {
			by: ["node", "condition"],
			all: { __name__: "kube_node_status_condition", status: "true" },
		};
		await waitForState(
			"every node is reported as Ready, and under no pressure",
			conditions,
			async () => {
				const samples = await readSince(
					makeSelector("kube_node_status_condition", { status: "true" }),
				);
				return {
					measured: readFacts(
						samples.filter(({ value }) => value.value === 1),
						conditions,
					),
					truth: listTrueConditions(nodes),
				};
			},
		);
		await cordon.end();
	});

	test.concurrent("Node Exporter has CPU, memory, disk, network and filesystem series of every node", async ({
		kube,
		prometheus,
		source,
	}) => {
		const nodes = await kube.list({ apiVersion: "v1", kind: "Node" });
		const since = clusterNow();
		await eventually(
			"Prometheus has the series of each node that show whether it is healthy",
			budgets.scrapeInterval,
			async () => {
				const missing = findMissingSeries(
					await readMinimalSeries(prometheus, since, kube, source),
					nodes.map(({ metadata }) => metadata.name),
				);
				if (missing.length > 0) return notYet(missing.join("; "));
			},
		);
	});

	test.concurrent("Node Exporter has the file systems of a machine, not its container's, without the test", async ({
		environment,
		annotate,
		expect,
	}) => {
		const { nodeExporter } = environment.asWritten;
		if (!nodeExporter) {
			await annotate(
				"the chart brings no Node Exporter: whether the one that runs sees a machine's file systems was not judged",
			);
			return;
		}
		expect(whyNoRootFileSystem(nodeExporter)).toBeUndefined();
	});

	test.concurrent("Node Exporter reports the same CPUs and memory of each node as the kubelet", async ({
		kube,
		prometheus,
	}) => {
		const truth = await readNodeCapacities(kube);
		const since = clusterNow();
		await waitForTruth(
			"the CPUs and the bytes of memory of each node are reported",
			budgets.scrapeInterval,
			async () => ({
				measured: await readHardware(prometheus, since),
				truth,
			}),
		);
	});
});
