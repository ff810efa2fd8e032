import { expect, test } from "vitest";
import { labelFlags, roomOfTiers } from "./tiers.ts";

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

test("a tier's node allocates its share of the machine", () => {
	expect(roomOfTiers({ NCPU: 2, MemTotal: 1000 })).toMatchObject({
		small: { cpu: 0.6, memory: 300 },
		large: { cpu: 1.9, memory: 950 },
	});
});
