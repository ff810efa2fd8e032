import { expect, test } from "vitest";
import { pod } from "../clients/kube-objects.ts";
import { pickTaint } from "./taint.ts";

test.each([
	[[], "node-role.kubernetes.io/control-plane"],
	[undefined, "node-role.kubernetes.io/control-plane"],
	[[{ operator: "Exists" }], "node-role.kubernetes.io/control-plane"],
	[
		[{ key: "node.kubernetes.io/not-ready", operator: "Exists" }],
		"node-role.kubernetes.io/control-plane",
	],
	[[{ key: "CriticalAddonsOnly", operator: "Exists" }], "CriticalAddonsOnly"],
	[
		[{ key: "CriticalAddonsOnly", operator: "Exists", effect: "NoExecute" }],
		"CriticalAddonsOnly",
	],
])("a pod that tolerates %j is tried with %s", (tolerations, key) => {
	const one = pod.parse({
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name: "node-exporter" },
		spec: { tolerations },
	});
	expect(pickTaint(one).key).toBe(key);
});
