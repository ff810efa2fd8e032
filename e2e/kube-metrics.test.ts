import { describe } from "vitest";
import { z } from "zod";
import { hasCondition, kubeObject, node, pod } from "./clients/kube-objects.ts";
import { budgets } from "./common/budgets.ts";
import { eventually } from "./common/eventually.ts";
import { makeSelector } from "./common/promql.ts";
import { parseQuantity } from "./common/sizes.ts";
import { tidyUp } from "./common/tidy-up.ts";
import { findPrometheusPod } from "./harness/cluster/prometheus-pod.ts";
import { setSchedulable } from "./harness/cluster/schedulable.ts";
import { test } from "./kube-metrics/fixtures.ts";
import {
	findMissingFamilies,
	mapNodes,
	nodeFamilies,
} from "./kube-metrics/node-series.ts";
import { claimSize, planted } from "./kube-metrics/planting.ts";
import {
	describeTruth,
	readFacts,
	takeNewerThan,
} from "./kube-metrics/truth.ts";
import {
	findTargetsOf,
	promisedComponent,
} from "./scraping/promised-targets.ts";
import { findDataPlace } from "./wal/data-volume.ts";

const nodeExporter = promisedComponent("Node Exporter");

const volumeClaim = kubeObject.extend({
	spec: z.looseObject({
		storageClassName: z.string().optional(),
		resources: z.looseObject({ requests: z.record(z.string(), z.string()) }),
	}),
});
const storageClass = kubeObject.extend({
	parameters: z.record(z.string(), z.string()).default({}),
});
const nodeWithCapacity = node.extend({
	status: z.looseObject({ capacity: z.record(z.string(), z.string()) }),
});

describe("kube-state-metrics and Node Exporter tell the truth about the cluster", () => {
	test.concurrent("a pod in CrashLoopBackOff shows within two scrapes", async ({
		troubled,
		kube,
		prometheus,
	}) => {
		const selector = makeSelector("kube_pod_container_status_waiting_reason", {
			namespace: troubled,
		});
		await eventually(
			// Until its kubelet looks again, up to 16 s later, what has crashed is not yet said to wait: a scrape may fall into
			// that, but then the next one comes before a back-off of 80 s is over.
			"the pod waits for 80 s before it is started again: too long for two scrapes not to find it waiting",
			budgets.rollout,
			() =>
				kube.get(
					{
						apiVersion: "v1",
						kind: "Pod",
						namespace: troubled,
						name: planted.crashing,
					},
					pod,
				),
			({ status: { containerStatuses } }) =>
				containerStatuses.some(({ restartCount }) => restartCount > 3) ||
				`it was started anew ${containerStatuses[0]?.restartCount} times`,
		);
		await eventually(
			"the crashing pod, and no other, is told of as waiting",
			budgets.objectState,
			async () =>
				readFacts(
					await prometheus.query(`${selector} == 1`),
					"pod",
					"container",
					"reason",
				),
			(said) =>
				describeTruth(said, {
					[`${planted.crashing}/main/CrashLoopBackOff`]: 1,
				}),
		);
	});

	test.concurrent("pods' phases are those of the cluster", async ({
		troubled,
		kube,
		prometheus,
	}) => {
		const selector = makeSelector("kube_pod_status_phase", {
			namespace: troubled,
		});
		await eventually(
			"the planted pods' phases are told",
			budgets.objectState,
			async () => {
				const pods = await kube.list(
					{ apiVersion: "v1", kind: "Pod", namespace: troubled },
					pod,
				);
				return {
					said: readFacts(
						await prometheus.query(`${selector} == 1`),
						"pod",
						"phase",
					),
					truth: Object.fromEntries(
						pods.map(({ metadata, status }) => [
							`${metadata.name}/${status.phase}`,
							1,
						]),
					),
				};
			},
			({ said, truth }) => describeTruth(said, truth),
		);
	});

	test.concurrent("a Deployment short of replicas shows within two scrapes, one that is rolled out does not", async ({
		troubled,
		prometheus,
	}) => {
		await eventually(
			"both Deployments are told of",
			budgets.objectState,
			async () => {
				const read = async (metric: string) =>
					readFacts(
						await prometheus.query(
							makeSelector(metric, { namespace: troubled }),
						),
						"__name__",
						"deployment",
					);
				return {
					...(await read("kube_deployment_spec_replicas")),
					...(await read("kube_deployment_status_replicas_available")),
				};
			},
			(said) =>
				describeTruth(said, {
					[`kube_deployment_spec_replicas/${planted.short}`]: 2,
					[`kube_deployment_status_replicas_available/${planted.short}`]: 1,
					[`kube_deployment_spec_replicas/${planted.whole}`]: 1,
					[`kube_deployment_status_replicas_available/${planted.whole}`]: 1,
				}),
		);
	});

	test.concurrent("a claim's capacity shows within two scrapes, that of Prometheus' own is 8Gi on longhorn", async ({
		troubled,
		kube,
		prometheus,
		environment,
		expect,
	}) => {
		const metric = "kube_persistentvolumeclaim_resource_requests_storage_bytes";
		const began = Date.now();
		const { namespace } = environment;
		const place = await findDataPlace(
			kube,
			await findPrometheusPod(kube, namespace),
			(await prometheus.flags())["storage.tsdb.path"] ?? "",
		);
		const own = await kube.get(
			{
				apiVersion: "v1",
				kind: "PersistentVolumeClaim",
				namespace,
				name: place.claim,
			},
			volumeClaim,
		);
		const read = async (of: string, claim: string) =>
			readFacts(
				takeNewerThan(
					await prometheus.rawSamples(
						makeSelector(metric, {
							namespace: of,
							persistentvolumeclaim: claim,
						}),
						"2m",
					),
					began,
				),
				"persistentvolumeclaim",
			);
		await eventually(
			"the planted claim and Prometheus' own are told of",
			budgets.objectState,
			async () => ({
				...(await read(troubled, planted.claim)),
				...(await read(namespace, place.claim)),
			}),
			(said) =>
				describeTruth(said, {
					[planted.claim]: claimSize.bytes,
					[place.claim]: 8 * 2 ** 30,
				}),
		);
		const capacity = "kube_persistentvolume_capacity_bytes";
		await eventually(
			"the capacity of Prometheus' own volume is told of",
			budgets.objectState,
			async () =>
				readFacts(
					takeNewerThan(
						await prometheus.rawSamples(
							makeSelector(capacity, { persistentvolume: place.volume }),
							"2m",
						),
						began,
					),
					"persistentvolume",
				),
			(said) => describeTruth(said, { [place.volume]: 8 * 2 ** 30 }),
		);
		expect(own.spec.resources.requests.storage).toBe("8Gi");
		expect(own.spec.storageClassName).toBe("longhorn");
		const longhorn = await kube.get(
			{
				apiVersion: "storage.k8s.io/v1",
				kind: "StorageClass",
				name: "longhorn",
			},
			storageClass,
		);
		// Where longhorn is the stand-in, this is the stand-in's promise to be like it.
		expect(longhorn.parameters.numberOfReplicas).toBe("1");
	});

	test.concurrent("a cordoned node shows, and the conditions of all", async ({
		kube,
		prometheus,
		onTestFinished,
	}) => {
		onTestFinished(
			// Nothing that a claim plants or breaks needs this node.
			tidyUp("uncordoning of node server", () =>
				setSchedulable(kube, "server", true),
			),
		);
		await setSchedulable(kube, "server", false);
		const cordonedAt = Date.now();
		const nodes = await kube.list({ apiVersion: "v1", kind: "Node" }, node);
		const names = nodes.map(({ metadata }) => metadata.name);
		await eventually(
			"server, and no other node, is told of as unschedulable",
			budgets.objectState,
			async () => {
				const samples = await prometheus.rawSamples(
					"kube_node_spec_unschedulable",
					"2m",
				);
				return readFacts(takeNewerThan(samples, cordonedAt), "node");
			},
			(said) =>
				describeTruth(
					said,
					Object.fromEntries(
						names.map((name) => [name, name === "server" ? 1 : 0]),
					),
				),
		);
		await eventually(
			"every node is told of as Ready, and under no pressure",
			budgets.objectState,
			async () => {
				const samples = await prometheus.rawSamples(
					'kube_node_status_condition{status="true"}',
					"2m",
				);
				return readFacts(
					takeNewerThan(samples, cordonedAt).filter(
						({ value }) => value.value === 1,
					),
					"node",
					"condition",
				);
			},
			(said) =>
				describeTruth(
					said,
					Object.fromEntries(
						nodes.flatMap((each) =>
							each.status.conditions
								.filter(({ type }) => hasCondition(each, type))
								.map(({ type }) => [`${each.metadata.name}/${type}`, 1]),
						),
					),
				),
		);
	});

	test.concurrent("Node Exporter has CPU, memory, disk, network and filesystem series of every node", async ({
		kube,
		prometheus,
	}) => {
		const nodes = await kube.list({ apiVersion: "v1", kind: "Node" });
		// A series that is gone is found for as long as its target was not scraped again.
		const since = Date.now() / 1000;
		await eventually(
			"each family of series is there of each node",
			budgets.scrapeInterval,
			async () => {
				const { active } = await prometheus.targets({ state: "active" });
				const nodeOf = mapNodes(
					await findTargetsOf(nodeExporter, active, prometheus),
				);
				const found = await Promise.all(
					Object.values(nodeFamilies).map(async (series) => {
						const groups = await prometheus.query(
							`group by (job, instance) (timestamp(${series}) > ${since})`,
						);
						return [series, groups.map(nodeOf)] as const;
					}),
				);
				return findMissingFamilies(
					new Map(found),
					nodes.map(({ metadata }) => metadata.name),
				);
			},
			(missing) => missing.length === 0 || missing.join("; "),
		);
	});

	test.concurrent("Node Exporter tells each node's CPUs and memory as the kubelet does", async ({
		kube,
		prometheus,
	}) => {
		const nodes = await kube.list(
			{ apiVersion: "v1", kind: "Node" },
			nodeWithCapacity,
		);
		const truth = Object.fromEntries(
			nodes.flatMap(({ metadata, status: { capacity } }) =>
				(["cpu", "memory"] as const).map((what) => [
					`${metadata.name}/${what}`,
					parseQuantity(capacity[what] ?? ""),
				]),
			),
		);
		// As above: a pod that was replaced would count beside the one that took its place.
		const since = Date.now() / 1000;
		const fresh = (series: string) =>
			`(${series} and timestamp(${series}) > ${since})`;
		await eventually(
			"the CPUs and the memory of each node are told",
			budgets.scrapeInterval,
			async () => {
				const { active } = await prometheus.targets({ state: "active" });
				const nodeOf = mapNodes(
					await findTargetsOf(nodeExporter, active, prometheus),
				);
				const read = async (what: string, expression: string) => {
					const series = await prometheus.query(expression);
					return series.map((each) => [
						`${nodeOf(each)}/${what}`,
						each.value.value,
					]);
				};
				return Object.fromEntries([
					...(await read(
						"cpu",
						`count by (job, instance) ${fresh('node_cpu_seconds_total{mode="idle"}')}`,
					)),
					...(await read("memory", fresh("node_memory_MemTotal_bytes"))),
				]);
			},
			(said) => describeTruth(said, truth),
		);
	});
});
