import { expect, test } from "vitest";
import { pod } from "./kube-objects.ts";
import { isFirstReplica } from "./service-pods.ts";

test.each([
	["prometheus-stack-0", true],
	["prometheus-stack-1", false],
	["prometheus-stack-10", false],
])("%s is the first of its StatefulSet: %s", (name, expected) => {
	const found = pod.parse({
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name },
		spec: { containers: [] },
		status: {},
	});
	expect(isFirstReplica(found)).toBe(expected);
});
