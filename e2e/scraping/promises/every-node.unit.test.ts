import { describe, expect, test } from "vitest";
import {
	findBoundDaemonSets,
	findNodesLeftOut,
	type PlacedDaemonSet,
} from "./every-node.ts";

const node = "__meta_kubernetes_pod_node_name";
const component = "Node Exporter";

describe("relabelling", () => {
	const find = (...pools: object[][]) =>
		findNodesLeftOut(
			component,
			pools.map((_, index) => `${index}`),
			pools.map((relabel_configs, index) => ({
				job_name: `${index}`,
				scrape_interval: "1m",
				relabel_configs,
			})),
		);

	test.each([
		["by a node's name", { source_labels: [node], regex: "nas" }],
		["by an address", { source_labels: ["__address__"], regex: "10.0.0.9:.+" }],
		[
			"by a label of the node",
			{
				source_labels: ["__meta_kubernetes_node_label_homelab_kind"],
				regex: "board",
			},
		],
		[
			"by a list of nodes",
			{ source_labels: [node], regex: "large|small", action: "keep" },
		],
	])("that leaves out nodes %s is reported", (_, rule) => {
		expect(find([{ action: "drop", ...rule }])).toHaveLength(1);
	});

	test("that decides by a copy of a node's name is reported with what it is made of", () => {
		const [sentence] = find([
			{ source_labels: [node], target_label: "host" },
			{ source_labels: ["host"], regex: "nas", action: "drop" },
		]);
		expect(sentence).toMatch(`made of ${node}`);
	});

	test.each([
		[
			"takes every node",
			{ source_labels: [node], regex: ".+", action: "keep" },
		],
		[
			"leaves out what is on no node",
			{ source_labels: [node], regex: "", action: "drop" },
		],
		[
			"decides by something else",
			{
				source_labels: ["__meta_kubernetes_namespace"],
				regex: "monitoring",
				action: "keep",
			},
		],
		["writes a label", { source_labels: [node], target_label: "node" }],
	])("that %s is not", (_, rule) => {
		expect(find([rule])).toEqual([]);
	});

	test("of one pool is not, if another one takes every node", () => {
		const drop = { source_labels: [node], regex: "nas", action: "drop" };
		expect(find([drop], [])).toEqual([]);
		expect(find([drop], [drop])).toHaveLength(2);
	});
});

describe("a DaemonSet", () => {
	const make = (spec: object): PlacedDaemonSet => ({
		apiVersion: "apps/v1",
		kind: "DaemonSet",
		metadata: {
			name: "exporter",
			namespace: "n",
			uid: "",
			labels: {},
			annotations: {},
			ownerReferences: [],
		},
		spec: {
			template: {
				spec: {
					containers: [{ image: "quay.io/prometheus/node-exporter:v1" }],
					nodeSelector: {},
					...spec,
				},
			},
		},
	});
	const find = (...specs: object[]) =>
		findBoundDaemonSets({ component, image: "node-exporter" }, specs.map(make));
	const requireAll = (...terms: object[][]) => ({
		affinity: {
			nodeAffinity: {
				requiredDuringSchedulingIgnoredDuringExecution: {
					nodeSelectorTerms: terms.map((matchExpressions) => ({
						matchExpressions,
						matchFields: [],
					})),
				},
			},
		},
	});
	const notNas = {
		key: "kubernetes.io/hostname",
		operator: "NotIn",
		values: ["nas"],
	};
	const linux = { key: "kubernetes.io/os", operator: "In", values: ["linux"] };
	// As the public chart has it.
	const virtual = [
		{
			key: "eks.amazonaws.com/compute-type",
			operator: "NotIn",
			values: ["fargate"],
		},
		{ key: "type", operator: "NotIn", values: ["virtual-kubelet"] },
	];

	test("that some nodes are left out of by a selector or affinity is reported", () => {
		expect(
			find({
				nodeSelector: { "kubernetes.io/os": "linux", tier: "large" },
				...requireAll([notNas]),
			}),
		).toEqual([
			"Node Exporter: DaemonSet n/exporter does not run on every node: it has nodeSelector tier=large, a required node affinity kubernetes.io/hostname NotIn nas",
		]);
	});

	test("that runs on every machine is not", () => {
		expect(find({ nodeSelector: { "kubernetes.io/os": "linux" } })).toEqual([]);
		expect(find(requireAll(virtual))).toEqual([]);
		expect(find(requireAll([notNas], [linux]))).toEqual([]);
		expect(find({})).toEqual([]);
	});

	test("of another component is not, nor one beside such as runs everywhere", () => {
		const bound = { nodeSelector: { tier: "large" } };
		expect(find({ ...bound, containers: [{ image: "fluent-bit" }] })).toEqual(
			[],
		);
		expect(find(bound, {})).toEqual([]);
		expect(find(bound, bound)).toHaveLength(2);
	});
});
