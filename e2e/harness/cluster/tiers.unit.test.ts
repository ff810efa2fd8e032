import { expect, test } from "vitest";
import { labelFlags } from "./tiers.ts";

test("a node starts with labels of a homelab's own, and only with those", () => {
	expect(
		labelFlags({
			disk: "nvme",
			"home.example/room": "attic",
			"node-role.kubernetes.io/worker": "true",
		}),
	).toEqual(["--node-label=disk=nvme", "--node-label=home.example/room=attic"]);
	expect(labelFlags()).toEqual([]);
});
