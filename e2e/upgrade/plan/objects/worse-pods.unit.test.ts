import { expect, test } from "vitest";
import { makeSide } from "../cases/read-cases.ts";
import { worseIn } from "./worse-pods.ts";

function worse(before: object, after: object): string[] {
	const [old, now] = [before, after].map(
		(spec) =>
			makeSide([], {
				objects: [
					{ kind: "DaemonSet", name: "a", spec: { template: { spec } } },
				],
			}).objects[0],
	);
	return old && now ? worseIn(old, now) : [];
}

const volumes = [{ name: "a", persistentVolumeClaim: { claimName: "a" } }];

test.each([
	[
		{ tolerations: [{ operator: "Exists", effect: "NoSchedule" }] },
		{},
		/no longer tolerate/,
	],
	[
		{ tolerations: [{ key: "a", operator: "Equal", value: "b" }] },
		{ tolerations: [{ key: "a", operator: "Equal", value: "c" }] },
		/no longer tolerate/,
	],
	[{}, { nodeSelector: { disk: "fast" } }, /only run on nodes with disk=fast/],
	[
		{ imagePullSecrets: [{ name: "harbor" }] },
		{},
		/no longer have the pull secret harbor/,
	],
	[
		{ volumes, securityContext: { fsGroup: 472 } },
		{ volumes, securityContext: { fsGroup: 1000 } },
		/another user \(fsGroup\)/,
	],
])("%j that becomes %j", (before, after, expected) => {
	expect(worse(before, after).join(" ")).toMatch(expected);
});

test.each([
	[
		{ tolerations: [{ key: "a", operator: "Exists", effect: "NoSchedule" }] },
		{ tolerations: [{ operator: "Exists" }] },
	],
	[{}, { nodeSelector: { "kubernetes.io/os": "linux" } }],
	[{ nodeSelector: { disk: "fast" } }, {}],
	[{}, { imagePullSecrets: [{ name: "harbor" }] }],
	[{}, { volumes, securityContext: { fsGroup: 1000 } }],
	[{ securityContext: { fsGroup: 1 } }, { securityContext: { fsGroup: 2 } }],
])("%j that becomes %j keeps no pod away", (before, after) => {
	expect(worse(before, after)).toEqual([]);
});

function demand(...matchExpressions: object[]) {
	const nodeSelectorTerms = [{ matchExpressions }];
	return {
		affinity: {
			nodeAffinity: {
				requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
			},
		},
	};
}
const awayFromFargate = {
	key: "eks.amazonaws.com/compute-type",
	operator: "NotIn",
	values: ["fargate"],
};
const awayFromVirtual = {
	key: "type",
	operator: "NotIn",
	values: ["virtual-kubelet"],
};

test("machines that only clouds make up are left out without a word", () => {
	expect(worse({}, demand(awayFromFargate, awayFromVirtual))).toEqual([]);
});

test.each([
	{ key: "disk", operator: "NotIn", values: ["slow"] },
	{ key: "eks.amazonaws.com/compute-type", operator: "In", values: ["ec2"] },
	{ key: "type", operator: "NotIn", values: ["nas"] },
])("another demand is told: %o", (other) => {
	expect(worse({}, demand(awayFromFargate, other))).toEqual([
		"Their affinity demands other nodes.",
	]);
	expect(worse(demand(other), demand(awayFromVirtual, other))).toEqual([]);
});
