import { expect, test } from "vitest";
import { stringify } from "yaml";
import { checkRoomForReplicas } from "./room-for-replicas.ts";

const tier = { "o11y.ruiz.sh/tier": "medium" };
const required = (topologyKey = "kubernetes.io/hostname") => ({
	podAntiAffinity: {
		requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey }],
	},
});
const check = (kind: string, spec: object) => () =>
	checkRoomForReplicas(
		stringify({ apiVersion: "v1", kind, metadata: { name: "x" }, spec }),
	);

test.each([
	[
		"Alertmanager",
		{ replicas: 3, nodeSelector: tier, affinity: required() },
		/^Alertmanager\/x wants its 3 replicas on different nodes, but the test has one node of tier medium/,
	],
	[
		"Deployment",
		{
			replicas: 2,
			template: { spec: { nodeSelector: tier, affinity: required() } },
		},
		/^Deployment\/x wants its 2 replicas/,
	],
	["Prometheus", { replicas: 5, affinity: required() }, /has 4 nodes/],
])("%s with too many replicas for one tier is refused", (kind, spec, says) => {
	expect(check(kind, spec)).toThrow(says);
});

test.each([
	["one replica", { replicas: 1, nodeSelector: tier, affinity: required() }],
	["replicas that may share a node", { replicas: 2, nodeSelector: tier }],
	[
		"a preference",
		{
			replicas: 2,
			nodeSelector: tier,
			affinity: {
				podAntiAffinity: {
					preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100 }],
				},
			},
		},
	],
	["replicas on any node", { replicas: 3, affinity: required() }],
	[
		"another topology",
		{
			replicas: 2,
			nodeSelector: tier,
			affinity: required("topology.kubernetes.io/zone"),
		},
	],
	["no number of replicas", { affinity: required() }],
])("%s is fine", (_, spec) => {
	expect(check("Alertmanager", spec)).not.toThrow();
});
