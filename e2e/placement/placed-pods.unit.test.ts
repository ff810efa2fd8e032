import { expect, test } from "vitest";
import { kubeObject, pod } from "../clients/kube-objects.ts";
import {
	explainPlacement,
	reportsNoNode,
	takeComponentPods,
} from "./placed-pods.ts";

const nodes = ["small", "medium", "large"].map((name) =>
	kubeObject.parse({
		apiVersion: "v1",
		kind: "Node",
		metadata: { name, labels: { "o11y.ruiz.sh/tier": name, os: "linux" } },
	}),
);

function makePod(nodeName: string, nodeSelector: Record<string, string>) {
	return pod.parse({
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name: "p" },
		spec: { nodeName, nodeSelector },
	});
}

test("a message reports that no node takes a pod only if it names each of them, and there is one", () => {
	const homeless = [makePod("", {})];
	expect(reportsNoNode("pod p has no node: 0/4 nodes", homeless)).toBe(true);
	expect(reportsNoNode("pod q has no node: 0/4 nodes", homeless)).toBe(false);
	expect(reportsNoNode("pod p has no node: 0/4 nodes", [])).toBe(false);
});

test("a pod whose nodeSelector allows one tier is bound to it", () => {
	const placed = makePod("medium", {
		os: "linux",
		"o11y.ruiz.sh/tier": "medium",
	});
	expect(explainPlacement(placed, "medium", nodes)).toEqual([]);
});

test.each([{}, { os: "linux" }])(
	"a pod that is there by luck, with nodeSelector %j, is reported",
	(selector) => {
		expect(
			explainPlacement(makePod("medium", selector), "medium", nodes),
		).toEqual([
			`pod p may also run on small, large: its nodeSelector is ${JSON.stringify(selector)}`,
		]);
	},
);

test("a pod on another tier is reported", () => {
	const misplaced = makePod("large", { "o11y.ruiz.sh/tier": "large" });
	expect(explainPlacement(misplaced, "medium", nodes)[0]).toBe(
		"pod p runs on large, not on tier medium",
	);
});

function makeRunning(
	name: string,
	namespace: string,
	image: string,
	args?: string[],
) {
	return pod.parse({
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name, namespace },
		spec: { containers: [{ name: "c", image, args }] },
	});
}

test("a component's pods are found by their image, from whatever registry, and by an argument", () => {
	const all = [
		makeRunning("p", "mine", "quay.io/prometheus/prometheus:v3.5.0@sha256:0"),
		makeRunning("n", "mine", "quay.io/prometheus/node-exporter:v1"),
		makeRunning("s", "mine", "mirror:5000/thanos/thanos", ["sidecar", "--x"]),
		makeRunning("q", "mine", "mirror:5000/thanos/thanos", ["query"]),
		makeRunning("g", "other", "grafana/grafana:12"),
	];
	const find = (image: string, argument?: string) =>
		takeComponentPods(all, { component: "c", image, argument }, "mine").map(
			({ metadata }) => metadata.name,
		);
	expect(find("prometheus")).toEqual(["p"]);
	expect(find("thanos", "sidecar")).toEqual(["s"]);
	expect(find("grafana(-oss)?")).toEqual(["g"]);
	expect(find("alertmanager")).toEqual([]);
});
