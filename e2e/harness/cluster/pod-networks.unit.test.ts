import { expect, test, vi } from "vitest";
import { node } from "../../clients/kube-objects.ts";
import { connectNodes } from "./pod-networks.ts";

const names = ["server", "small", "medium", "large"] as const;
const network = { key: "o11y-e2e/no-network", effect: "NoSchedule" };
const notReady = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };
const podCIDR = "10.42.0.0/24";
const isUp = { "flannel.alpha.coreos.com/public-ip": "192.168.64.8" };

test.each([
	["has not registered", "other", {}, {}, undefined],
	[
		"has no addresses for its pods",
		"medium",
		{},
		{ taints: [network] },
		{ podCIDR: "10.42.2.0/24", podCIDRs: ["10.42.2.0/24"] },
	],
	[
		"has no network yet",
		"medium",
		{},
		{ podCIDR, taints: [network] },
		undefined,
	],
	[
		"has a network",
		"medium",
		isUp,
		{ podCIDR, taints: [notReady, network] },
		{ taints: [notReady] },
	],
])("a node that %s waits", async (_, name, annotations, spec, change) => {
	const mergePatch = vi.fn(async () => undefined);
	const seen = node.parse({
		apiVersion: "v1",
		kind: "Node",
		metadata: { name, annotations },
		spec,
		status: {},
	});
	expect(await connectNodes({ mergePatch }, [seen], names)).toEqual(names);
	expect(mergePatch.mock.calls).toEqual(
		change
			? [[{ apiVersion: "v1", kind: "Node", name }, { spec: change }]]
			: [],
	);
});

test("a node that lets pods run does not wait", async () => {
	const mergePatch = vi.fn(async () => undefined);
	const seen = node.parse({
		apiVersion: "v1",
		kind: "Node",
		metadata: { name: "server", annotations: isUp },
		spec: { podCIDR },
		status: {},
	});
	expect(await connectNodes({ mergePatch }, [seen], names)).toEqual([
		"small",
		"medium",
		"large",
	]);
	expect(mergePatch).not.toHaveBeenCalled();
});
