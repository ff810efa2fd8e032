import { expect, test, vi } from "vitest";
import { node } from "../../clients/kube-objects.ts";
import { assignPodNetworks } from "./pod-networks.ts";

const seen = (name: string, podCIDR?: string) =>
	node.parse({
		apiVersion: "v1",
		kind: "Node",
		metadata: { name },
		spec: podCIDR === undefined ? {} : { podCIDR },
		status: {},
	});

test("each node that has registered gets addresses of its own, once", async () => {
	const mergePatch = vi.fn(async () => undefined);
	await assignPodNetworks(
		{ mergePatch },
		[seen("medium"), seen("server", "10.42.0.0/24"), seen("foreign")],
		["server", "small", "medium", "large"],
	);
	expect(mergePatch.mock.calls).toEqual([
		[
			{ apiVersion: "v1", kind: "Node", name: "medium" },
			{ spec: { podCIDR: "10.42.2.0/24", podCIDRs: ["10.42.2.0/24"] } },
		],
	]);
});
