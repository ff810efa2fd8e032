import { describe } from "vitest";
import { node } from "./clients/kube-objects.ts";
import { budgets } from "./common/budgets.ts";
import { clusterNow } from "./common/clock/cluster-clock.ts";
import { eventually, notYet } from "./common/eventually.ts";
import { makeSelector } from "./common/promql.ts";
import { parseQuantity } from "./common/sizes.ts";
import { makeCordon } from "./harness/cluster/cordon.ts";
import { findPrometheusPod } from "./harness/cluster/prometheus-pod.ts";
import { waitForLongBackOff } from "./kube-metrics/back-off.ts";
import {
	listTrueConditions,
	readNodeCapacities,
	readPhases,
	readVolumeClaim,
} from "./kube-metrics/cluster-truth.ts";
import { test } from "./kube-metrics/fixtures.ts";
import {
	findMissingSeries,
	readMinimalSeries,
} from "./kube-metrics/minimal-series.ts";
import { readHardware } from "./kube-metrics/node-series.ts";
import { planted, plantedSize } from "./kube-metrics/planting.ts";
import {
	readFacts,
	takeNewerThan,
	waitForTruth,
} from "./kube-metrics/truth.ts";
import {
	readRequestedSizes,
	readVolumeSize,
} from "./kube-metrics/volume-sizes.ts";
import { listOwnNamespaces } from "./scraping/cluster-state.ts";
import { findDataPlace } from "./wal/data-volume.ts";

/**
 * The phases of one scrape: after Prometheus has been restarted, the series of a pod that is gone can be queried for five
 * minutes, because nobody has marked their end. The homelab scrapes every 60 s.
 */
const newestPhases = [
	"kube_pod_status_phase == 1 and timestamp(kube_pod_status_phase)",
	"> scalar(max(timestamp(kube_pod_status_phase))) - 60",
].join(" ");

describe("kube-state-metrics and Node Exporter tell the truth about the cluster", () => {
	test.concurrent("a pod in CrashLoopBackOff shows within two scrapes", async ({
		troubled,
		waitForState,
		kube,
		prometheus,
	}) => {
		const selector = makeSelector("kube_pod_container_status_waiting_reason", {
			namespace: troubled,
		});
		await waitForLongBackOff(kube, troubled, planted.crashing);
		await waitForState(
			"only the crashing pod is reported as waiting",
			async () => ({
				measured: readFacts(
					await prometheus.query(`${selector} == 1`),
					"pod",
					"container",
					"reason",
				),
				truth: { [`${planted.crashing}/main/CrashLoopBackOff`]: 1 },
			}),
		);
	});

	test.concurrent("pods' phases are those of the cluster", async ({
		troubled,
		waitForState,
		scope,
		kube,
		prometheus,
		annotate,
	}) => {
		await waitForState("the phase of each pod is reported", async () => {
			const series = await prometheus.query(newestPhases);
			// Other tests plant and delete their own meanwhile.
			const namespaces = new Set([
				troubled,
				...(await listOwnNamespaces(kube)),
			]);
			for (const each of scope.leftOut) namespaces.delete(each);
			return {
				measured: readFacts(
					series.filter(({ metric }) => namespaces.has(metric.namespace ?? "")),
					"namespace",
					"pod",
					"phase",
				),
				truth: await readPhases(kube, namespaces),
			};
		});
		if (scope.leftOut.length > 0)
			await annotate(
				`kube-state-metrics leaves out namespace ${scope.leftOut.join(", ")}, as its values say`,
			);
	});

	test.concurrent("a Deployment short of replicas shows within two scrapes, one that is rolled out does not", async ({
		troubled,
		waitForState,
		prometheus,
	}) => {
		const read = async (metric: string) =>
			readFacts(
				await prometheus.query(makeSelector(metric, { namespace: troubled })),
				"__name__",
				"deployment",
			);
		await waitForState("both Deployments' replicas are reported", async () => ({
			measured: {
				...(await read("kube_deployment_spec_replicas")),
				...(await read("kube_deployment_status_replicas_available")),
			},
			truth: {
				[`kube_deployment_spec_replicas/${planted.short}`]: 2,
				[`kube_deployment_status_replicas_available/${planted.short}`]: 1,
				[`kube_deployment_spec_replicas/${planted.whole}`]: 1,
				[`kube_deployment_status_replicas_available/${planted.whole}`]: 1,
			},
		}));
	});

	test.concurrent("a volume claim's capacity shows within two scrapes, that of Prometheus' own is 8 GB or more on longhorn", async ({
		troubled,
		waitForState,
		kube,
		prometheus,
		environment,
		expect,
	}) => {
		const began = clusterNow();
		const { namespace } = environment;
		const place = await findDataPlace(
			kube,
			await findPrometheusPod(kube, namespace),
			(await prometheus.flags())["storage.tsdb.path"] ?? "",
		);
		const own = await readVolumeClaim(kube, namespace, place.volumeClaim);
		const size = parseQuantity(own.size ?? "0");
		await waitForState(
			"the bytes that the planted volume claim and Prometheus' own ask for are reported",
			async () => ({
				measured: await readRequestedSizes(prometheus, began, [
					{ namespace: troubled, name: planted.volumeClaim },
					{ namespace, name: place.volumeClaim },
				]),
				truth: {
					[planted.volumeClaim]: plantedSize.bytes,
					[place.volumeClaim]: size,
				},
			}),
		);
		await waitForState(
			"the bytes of Prometheus' own volume are reported",
			async () => ({
				measured: await readVolumeSize(prometheus, began, place.volume),
				truth: { [place.volume]: size },
			}),
		);
		expect(own.storageClass).toBe("longhorn");
		expect(
			size,
			`"Storage: 8 GB PVC": the volume claim asks for ${own.size}`,
		).toBeGreaterThanOrEqual(8e9);
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
		await waitForState(
			"only server is reported as unschedulable",
			async () => ({
				measured: readFacts(
					await readSince("kube_node_spec_unschedulable"),
					"node",
				),
				truth: Object.fromEntries(
					nodes.map(({ metadata: { name } }) => [
						name,
						name === "server" ? 1 : 0,
					]),
				),
			}),
		);
		await waitForState(
			"every node is reported as Ready, and under no pressure",
			async () => {
				const samples = await readSince(
					makeSelector("kube_node_status_condition", { status: "true" }),
				);
				return {
					measured: readFacts(
						samples.filter(({ value }) => value.value === 1),
						"node",
						"condition",
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
	}) => {
		const nodes = await kube.list({ apiVersion: "v1", kind: "Node" });
		const since = clusterNow();
		await eventually(
			"Prometheus has the series of each node that show whether it is healthy",
			budgets.scrapeInterval,
			async () => {
				const missing = findMissingSeries(
					await readMinimalSeries(prometheus, since, kube),
					nodes.map(({ metadata }) => metadata.name),
				);
				if (missing.length > 0) return notYet(missing.join("; "));
			},
		);
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
