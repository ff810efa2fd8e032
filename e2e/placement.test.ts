import { describe } from "vitest";
import { hasCondition, pod } from "./clients/kube-objects.ts";
import { budgets } from "./common/budgets.ts";
import { eventually, HopelessError, notYet } from "./common/eventually.ts";
import { makePodDeletion } from "./harness/cluster/pod-deletion.ts";
import {
	countWantedNodes,
	explainPlacement,
	waitForPlacedPods,
} from "./placement/placed-pods.ts";
import { makeTaint, pickTaint } from "./placement/taint.ts";
import {
	promisedComponent,
	promisedComponents,
} from "./scraping/promised-targets.ts";
import { test } from "./test.ts";

const nodeExporter = promisedComponent("Node Exporter");

describe("each component runs on the tier that the homelab names, bound to it by its nodeSelector", {
	tags: [
		"disrupts-node-exporter",
		"ignores-grafana",
		"ignores-prometheus",
		"ignores-secrets",
	],
}, () => {
	for (const each of promisedComponents) {
		const { component, tier } = each;
		if (!tier) continue;
		test.concurrent(`${component} runs on tier ${tier}, bound to it by its nodeSelector`, async ({
			kube,
			environment,
			expect,
		}) => {
			const { namespace } = environment;
			const pods = await waitForPlacedPods(kube, each, namespace);
			const nodes = await kube.list({ apiVersion: "v1", kind: "Node" });
			expect(
				pods.flatMap((placed) => explainPlacement(placed, tier, nodes)),
			).toEqual([]);
		});
	}

	test("Node Exporter runs as a DaemonSet on every node", async ({
		kube,
		environment,
		expect,
	}) => {
		const { namespace } = environment;
		const pods = await waitForPlacedPods(kube, nodeExporter, namespace);
		const nodes = await kube.list({ apiVersion: "v1", kind: "Node" });
		expect(pods.map(({ spec }) => spec.nodeName).sort()).toEqual(
			nodes.map(({ metadata }) => metadata.name).sort(),
		);
		for (const { metadata } of pods)
			expect(metadata.ownerReferences, metadata.name).toContainEqual(
				expect.objectContaining({ kind: "DaemonSet" }),
			);
	});

	test("Node Exporter is restarted on a tainted node", async ({
		kube,
		environment,
		annotate,
		expect,
	}) => {
		const { namespace } = environment;
		const pods = await waitForPlacedPods(kube, nodeExporter, namespace);
		const old = pods.find(({ spec }) => spec.nodeName === "server");
		if (!old) return expect.fail("Node Exporter has no pod on server");
		const meant = pickTaint(old);
		if (meant.effect === "NoExecute") {
			await annotate(
				`Node Exporter tolerates ${meant.key}:NoExecute, which is not tried: it would drive other pods off the node`,
			);
			return;
		}
		// Nothing that a claim plants or breaks needs this node.
		await using taint = await makeTaint(kube, "server", meant).begin();
		await makePodDeletion(kube, [old]).inflict();
		await eventually(
			"a new pod of Node Exporter is Ready on the tainted node",
			budgets.podRestart,
			async () => {
				const wanted = await countWantedNodes(kube, old);
				if (wanted < pods.length)
					throw new HopelessError(
						`its DaemonSet wants to run on ${wanted} nodes, not on ${pods.length}: it does not tolerate ${meant.key}:${meant.effect}, as a homelab's server has it`,
					);
				const all = await kube.list(
					{
						apiVersion: "v1",
						kind: "Pod",
						namespace: old.metadata.namespace,
						fieldSelector: "spec.nodeName=server",
					},
					pod,
				);
				const [owner] = old.metadata.ownerReferences;
				const added = all.filter(
					({ metadata }) =>
						metadata.uid !== old.metadata.uid &&
						metadata.ownerReferences.some(({ uid }) => uid === owner?.uid),
				);
				if (!added.some((each) => hasCondition(each, "Ready")))
					return notYet(
						`${added.length} new pods are on the node, none of them Ready`,
					);
			},
		);
		await taint.end();
	});
});
