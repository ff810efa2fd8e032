import { expect, test } from "vitest";
import { kubeObject, pod } from "../clients/kube-objects.ts";
import { explainPlacement } from "./placed-pods.ts";

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
