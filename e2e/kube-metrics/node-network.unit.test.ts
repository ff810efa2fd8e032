import { expect, test } from "vitest";
import { pod } from "../clients/kube-objects.ts";
import { findOwnNetworks } from "./node-network.ts";

const make = (spec: object) =>
	pod.parse({
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name: "exporter-x", namespace: "monitoring", uid: "1" },
		spec: { nodeName: "small", ...spec },
	});

test("a pod of Node Exporter must have its node's network", () => {
	expect(findOwnNetworks([make({ hostNetwork: true })])).toEqual([]);
	const message =
		"no network series is of node small: Node Exporter's pod exporter-x has a network of its own (hostNetwork: false), and its series are of that";
	expect(findOwnNetworks([make({ hostNetwork: false }), make({})])).toEqual([
		message,
		message,
	]);
});
