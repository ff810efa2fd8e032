import { type BlockMeta, blockMeta } from "../../clients/block-meta.ts";
import {
	type ExposedSample,
	parseExposition,
} from "../../clients/exposition.ts";
import type { Pod } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import {
	listPrometheusPods,
	type PrometheusClient,
} from "../../clients/prometheus.ts";
import { isFirstReplica } from "../../clients/service-pods.ts";
import { parseJsonAs } from "../../common/parsing/parse-as.ts";
import type { NodeProcess, Nodes } from "./nodes.ts";

/** A folder of a node. */
export interface NodeFolder {
	readonly node: string;
	readonly folder: string;
}

/** Prometheus as its node sees it. */
export interface PrometheusProcess {
	readonly pod: Pod;
	readonly process: NodeProcess;
	/** Its data folder, reached through the process: this works for every kind of volume. */
	readonly data: NodeFolder;
}

/** The pod that Prometheus runs in; of several replicas the first. @throws Error if there is none, or several are the first */
export async function findPrometheusPod(
	kube: KubeClient,
	namespace: string,
): Promise<Pod> {
	const pods = await listPrometheusPods(kube, namespace);
	const [pod, ...others] = pods.filter(isFirstReplica);
	if (!pod)
		throw new Error(
			`${pods.length === 0 ? "no pod" : "no first replica"} of Prometheus is in namespace ${namespace}`,
		);
	if (others.length > 0) {
		const names = [pod, ...others].map(({ metadata }) => metadata.name);
		throw new Error(
			`${names.join(" and ")} are shards of Prometheus, or different ones, each with targets of its own: these tests know only one`,
		);
	}
	return pod;
}

/** Finds the process of Prometheus and its data folder; of several replicas the first's. */
export async function findPrometheusProcess(
	kube: KubeClient,
	nodes: Nodes,
	prometheus: PrometheusClient,
	namespace: string,
): Promise<PrometheusProcess> {
	return findProcessIn(
		await findPrometheusPod(kube, namespace),
		nodes,
		prometheus,
	);
}

/** The same of each replica. */
export async function findPrometheusProcesses(
	kube: KubeClient,
	nodes: Nodes,
	prometheus: PrometheusClient,
	namespace: string,
): Promise<PrometheusProcess[]> {
	const pods = await listPrometheusPods(kube, namespace);
	return Promise.all(
		pods.map((each) => findProcessIn(each, nodes, prometheus)),
	);
}

async function findProcessIn(
	pod: Pod,
	nodes: Nodes,
	prometheus: PrometheusClient,
): Promise<PrometheusProcess> {
	const { nodeName } = pod.spec;
	if (!nodeName) throw new Error(`pod ${pod.metadata.name} is on no node`);
	const process = await nodes.findProcess(
		nodeName,
		pod.metadata.uid,
		"prometheus",
	);
	const path = (await prometheus.flags())["storage.tsdb.path"];
	const folder = `/proc/${process.pid}/root${path}`;
	return { pod, process, data: { node: nodeName, folder } };
}

/** The blocks on Prometheus' disk, as their meta.json files describe them. */
export async function readLocalBlocks(
	nodes: Nodes,
	{ data }: PrometheusProcess,
): Promise<BlockMeta[]> {
	// A ULID has 26 characters; a block that is still being written has a longer name. Retention may remove one meanwhile.
	const text = await nodes.script(
		data.node,
		`cd "$1" || exit; for meta in ${"?".repeat(26)}/meta.json; do
			cat "$meta" 2>/dev/null && printf '\\0'
		done; true`,
		data.folder,
	);
	return text
		.split("\0")
		.filter(Boolean)
		.map((each) =>
			parseJsonAs(blockMeta, each, "a block's meta.json on Prometheus' disk"),
		);
}

/** What the Thanos sidecar counts about itself. */
export async function readSidecarMetrics(
	kube: KubeClient,
	{ metadata }: Pod,
): Promise<ExposedSample[]> {
	const sidecar = kube.proxy({
		namespace: metadata.namespace ?? "",
		kind: "pods",
		name: metadata.name,
		port: 10902,
	});
	return parseExposition((await sidecar.get("/metrics")).text);
}
