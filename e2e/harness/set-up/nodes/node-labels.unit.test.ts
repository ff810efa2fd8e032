import { expect, test } from "vitest";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { describeNodeLabels, findNodeLabels } from "./node-labels.ts";

const make = (kind: string, nodeSelector: object): Manifest => ({
	apiVersion: "v1",
	kind,
	metadata: { name: "x" },
	spec: ["Prometheus", "Alertmanager"].includes(kind)
		? { nodeSelector }
		: { template: { spec: { nodeSelector } } },
});
const on = (tier: string, more: object) => ({
	"o11y.ruiz.sh/tier": tier,
	...more,
});

test("a selector of nodes in another form is another program's", () => {
	const policy = {
		apiVersion: "cilium.io/v2alpha1",
		kind: "CiliumL2AnnouncementPolicy",
		metadata: { name: "lan" },
		spec: { nodeSelector: { matchLabels: { lan: "home" } } },
	};
	expect(findNodeLabels([policy])).toEqual({});
});

test("the node of a tier gets what nodeSelectors ask for beside the tier", () => {
	const labels = findNodeLabels([
		make("Prometheus", on("large", { disk: "nvme" })),
		make("Deployment", on("medium", { "home.example/room": "attic" })),
		make("Alertmanager", on("medium", { powered: true })),
	]);
	expect(labels).toEqual({
		large: { disk: "nvme" },
		medium: { "home.example/room": "attic", powered: "true" },
	});
	expect(describeNodeLabels(labels)).toEqual([
		expect.stringMatching(/^node large has disk=nvme, because/),
		expect.stringMatching(
			/^node medium has home.example\/room=attic, powered=true, because/,
		),
	]);
});

test("without a tier, Prometheus gets the large node, others any that fits, and a DaemonSet all", () => {
	expect(
		findNodeLabels([
			make("Prometheus", { disk: "ssd", "kubernetes.io/os": "linux" }),
			make("Deployment", { disk: "hdd" }),
			make("Deployment", { disk: "sd-card" }),
		]),
	).toEqual({
		large: { disk: "ssd" },
		medium: { disk: "hdd" },
		small: { disk: "sd-card" },
	});
	expect(findNodeLabels([make("DaemonSet", { watched: "yes" })])).toEqual({
		server: { watched: "yes" },
		small: { watched: "yes" },
		medium: { watched: "yes" },
		large: { watched: "yes" },
	});
});

const disk = "home.example.org/disk";
const require = (
	kind: string,
	matchExpressions: readonly object[],
	more = {},
) => {
	const spec = {
		...more,
		affinity: {
			nodeAffinity: {
				requiredDuringSchedulingIgnoredDuringExecution: {
					nodeSelectorTerms: [{ matchExpressions }, { matchExpressions: [] }],
				},
			},
		},
	};
	return {
		...make(kind, {}),
		spec: kind === "Prometheus" ? spec : { template: { spec } },
	};
};
const isIn = (key: string, ...values: string[]) => ({
	key,
	operator: "In",
	values,
});

test("a required affinity asks for labels as a nodeSelector does, and takes any of its values", () => {
	expect(
		findNodeLabels([
			require("Prometheus", [isIn(disk, "nvme", "ssd")], {
				nodeSelector: on("large", {}),
			}),
			require("Deployment", [
				isIn(disk, "ssd", "hdd"),
				{ key: "ups", operator: "Exists" },
				{ key: "virtual", operator: "NotIn", values: ["yes"] },
			], { nodeSelector: on("medium", {}) }),
			require("Deployment", [
				isIn(disk, "hdd", "ssd"),
				isIn("o11y.ruiz.sh/tier", "medium"),
			]),
		]),
	).toEqual({
		large: { [disk]: "nvme" },
		medium: { [disk]: "ssd", ups: "true" },
	});
});

test.each([
	[isIn("kubernetes.io/arch", "amd64")],
	[isIn("o11y.ruiz.sh/tier", "large")],
	[{ key: "node-role.kubernetes.io/control-plane", operator: "Exists" }],
	[{ key: "node-role.kubernetes.io/control-plane", operator: "DoesNotExist" }],
])("an affinity for %o asks for nothing", (expression) => {
	expect(findNodeLabels([require("Prometheus", [expression])])).toEqual({});
});

test("every node has a value of what pods must be spread over", () => {
	const spread = (
		topologyKey: string,
		whenUnsatisfiable = "DoNotSchedule",
	) => ({
		...make("Alertmanager", {}),
		spec: { topologySpreadConstraints: [{ topologyKey, whenUnsatisfiable }] },
	});
	const zone = "topology.kubernetes.io/zone";
	expect(
		findNodeLabels([
			spread(zone),
			spread("kubernetes.io/hostname"),
			spread("o11y.ruiz.sh/tier"),
			spread("rack", "ScheduleAnyway"),
			make("Prometheus", { [zone]: "cellar" }),
		]),
	).toEqual({
		server: { [zone]: "home" },
		small: { [zone]: "home" },
		medium: { [zone]: "home" },
		large: { [zone]: "cellar" },
	});
});

test.each([
	["only a tier", on("large", {})],
	["Kubernetes' own labels", on("large", { "kubernetes.io/hostname": "nas" })],
	["a tier that is not there", on("huge", { disk: "nvme" })],
])("no node gets labels for %s", (_, selector) => {
	expect(findNodeLabels([make("Prometheus", selector)])).toEqual({});
});

test("two values of one label on one node are refused by name", () => {
	expect(() =>
		findNodeLabels([
			make("Alertmanager", on("medium", { disk: "nvme" })),
			make("Deployment", on("medium", { disk: "hdd" })),
		]),
	).toThrow(/^Deployment\/x wants a node of tier medium with disk=hdd, but/);
});
