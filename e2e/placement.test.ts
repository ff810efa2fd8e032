import { describe } from "vitest";
import { hasCondition, pod } from "./clients/kube-objects.ts";
import { budgets } from "./common/budgets.ts";
import { eventually, HopelessError } from "./common/eventually.ts";
import { tidyUp } from "./common/tidy-up.ts";
import {
	countWantedNodes,
	explainPlacement,
	waitForPlacedPods,
} from "./placement/placed-pods.ts";
import { setTaint } from "./placement/taint.ts";
import {
	promisedComponent,
	promisedComponents,
} from "./scraping/promised-targets.ts";
import { test } from "./test.ts";

const nodeExporter = promisedComponent("Node Exporter");

describe("each component runs on the tier that the homelab names, by its nodeSelector", {
	tags: ["disruptive"],
}, () => {
	for (const each of promisedComponents) {
		const { component, tier } = each;
		if (!tier) continue;
		test.concurrent(`${component} runs on tier ${tier}, held there by its nodeSelector`, async ({
			kube,
			prometheus,
			environment,
			expect,
		}) => {
			const { namespace } = environment;
			const pods = await waitForPlacedPods(kube, prometheus, each, namespace);
			const nodes = await kube.list({ apiVersion: "v1", kind: "Node" });
			expect(
				pods.flatMap((placed) => explainPlacement(placed, tier, nodes)),
			).toEqual([]);
		});
	}

	test("Node Exporter runs as a DaemonSet on every node", async ({
		kube,
		prometheus,
		environment,
		expect,
	}) => {
		const { namespace } = environment;
		const pods = await waitForPlacedPods(
			kube,
			prometheus,
			nodeExporter,
			namespace,
		);
		const nodes = await kube.list({ apiVersion: "v1", kind: "Node" });
		expect(pods.map(({ spec }) => spec.nodeName).sort()).toEqual(
			nodes.map(({ metadata }) => metadata.name).sort(),
		);
		for (const { metadata } of pods)
			expect(metadata.ownerReferences, metadata.name).toContainEqual(
				expect.objectContaining({ kind: "DaemonSet" }),
			);
	});

	test("Node Exporter stays on a tainted node, and comes back there", async ({
		kube,
		prometheus,
		environment,
		onTestFinished,
		expect,
	}) => {
		const { namespace } = environment;
		const pods = await waitForPlacedPods(
			kube,
			prometheus,
			nodeExporter,
			namespace,
		);
		// Nothing that a claim plants or breaks needs this node.
		const old = pods.find(({ spec }) => spec.nodeName === "server");
		if (!old) return expect.fail("Node Exporter has no pod on server");
		onTestFinished(
			tidyUp("untainting of node server", () =>
				setTaint(kube, "server", false),
			),
		);
		await setTaint(kube, "server", true);
		await kube.delete([old]);
		await eventually(
			"a new pod of Node Exporter is Ready on the tainted node",
			budgets.podRestart,
			async () => {
				const wanted = await countWantedNodes(kube, old);
				if (wanted < pods.length)
					throw new HopelessError(
						`its DaemonSet wants to be on ${wanted} nodes, not on ${pods.length}`,
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
				return all.filter(
					({ metadata }) =>
						metadata.uid !== old.metadata.uid &&
						metadata.ownerReferences.some(({ uid }) => uid === owner?.uid),
				);
			},
			(found) =>
				found.some((each) => hasCondition(each, "Ready")) ||
				`${found.length} new pods are on the node, none of them Ready`,
		);
	});
});
