import { describe } from "vitest";
import { node } from "./clients/kube-objects.ts";
import { budgets } from "./common/budgets.ts";
import { clusterNow } from "./common/clock/cluster-clock.ts";
import { eventually, HopelessError, notYet } from "./common/eventually.ts";
import { makeSelector } from "./common/promql/expressions.ts";
import { makeCordon } from "./harness/cluster/cordon.ts";
import { waitForLongBackOff } from "./kube-metrics/back-off.ts";
import {
	listTrueConditions,
	readNodeCapacities,
} from "./kube-metrics/cluster-truth.ts";
import {
	makeCapacities,
	phases,
	replicas,
} from "./kube-metrics/compare-objects.ts";
import { findMisplaced } from "./kube-metrics/container-series.ts";
import { test } from "./kube-metrics/fixtures.ts";
import {
	describeListed,
	findMissingSeries,
} from "./kube-metrics/minimal-series.ts";
import { readHardware } from "./kube-metrics/node-series.ts";
import { planted } from "./kube-metrics/planting.ts";
import { readLostOfOthers } from "./kube-metrics/promised-series.ts";
import { waitForContainerSeries } from "./kube-metrics/read-container-series.ts";
import { readMinimalSeries } from "./kube-metrics/read-minimal-series.ts";
import { whyNoRootFileSystem } from "./kube-metrics/root-file-system.ts";
import { waitForStateScrape } from "./kube-metrics/state/state-source.ts";
import {
	readFacts,
	takeNewerThan,
	waitForTruth,
} from "./kube-metrics/truth.ts";
import {
	describeOlderVolumeClaim,
	findStorageFlaws,
} from "./kube-metrics/volumes/prometheus-storage.ts";
import { readPrometheusStorage } from "./kube-metrics/volumes/read-storage.ts";
import { watchRounds } from "./scraping/rounds.ts";

describe("kube-state-metrics and Node Exporter tell the truth about the cluster", {
	tags: ["ignores-secrets"],
}, () => {
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
		const read = async () => ({
			measured: readFacts(await prometheus.query(`${selector} == 1`), waiting),
			truth: { [`${planted.crashing}/main/CrashLoopBackOff`]: 1 },
		});
		await waitForLongBackOff(kube, troubled, planted.crashing, read);
		await waitForState(
			"only the crashing pod is reported as waiting",
			waiting,
			read,
		);
	});

	test.concurrent("pods' phases are those of the cluster", async ({
		waitForObjects,
		source: { scope },
		annotate,
	}) => {
		await waitForObjects("the phase of each pod is reported", phases);
		if (scope.leftOut.length > 0)
			await annotate(
				`kube-state-metrics leaves out namespace ${scope.leftOut.join(", ")}, as its values say`,
			);
	});

	test.concurrent("a Deployment short of replicas shows within two scrapes, so does one whose newest revision does not begin, one that is rolled out does not", async ({
		waitForObjects,
	}) => {
		await waitForObjects(
			"the replicas of each Deployment are reported, those of the planted ones too",
			replicas,
		);
	});

	test.concurrent("containers' series have the namespaces of their pods", async ({
		kube,
		prometheus,
		annotate,
		expect,
	}) => {
		const found = await waitForContainerSeries(kube, prometheus, clusterNow());
		if (found) expect(findMisplaced(found)).toEqual([]);
		else
			await annotate(
				"no kubelet's cAdvisor is scraped: there are no series of containers to judge",
			);
	});

	test.concurrent("relabelling takes away no series of a namespace, pod or node that is not here", async ({
		prometheus,
		source,
		expect,
	}) => {
		expect(await readLostOfOthers(prometheus, source)).toEqual([]);
	});

	test.concurrent("a volume claim's capacity shows within two scrapes, that of Prometheus' own is 8 GB or more on longhorn", async ({
		waitForObjects,
		source,
		kube,
		prometheus,
		environment,
		annotate,
		expect,
	}) => {
		const began = clusterNow();
		await waitForStateScrape(prometheus, source, began);
		await waitForObjects(
			"the capacity of each volume claim is reported",
			makeCapacities(began),
		);
		const { template, inUse } = await readPrometheusStorage(
			kube,
			prometheus,
			environment.namespace,
		);
		const older = describeOlderVolumeClaim(template, inUse);
		if (older) await annotate(older);
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
		annotate,
	}) => {
		const found = await kube.list({ apiVersion: "v1", kind: "Node" });
		const nodes = found.map(({ metadata }) => metadata.name);
		const since = clusterNow();
		const rounds = watchRounds(kube, prometheus, budgets.scrapeInterval, since);
		const listed = await eventually(
			"Prometheus has the series of each node that show whether it is healthy",
			budgets.scrapeInterval,
			async () => {
				const { late } = await rounds();
				const read = await readMinimalSeries(prometheus, since, kube, source);
				const missing = findMissingSeries(read, nodes);
				if (missing.length === 0) return describeListed(read, nodes);
				if (late.length === 0) throw new HopelessError(missing.join("; "));
				return notYet(missing.join("; "));
			},
		);
		for (const each of listed) await annotate(each);
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
