import type { Addon } from "./addon.ts";

/** Thanos' query, store gateway and compactor. They read the sidecar's Secret, which set-up writes. */
export const thanos: Addon = {
	name: "thanos",
	components: ["thanos"],
	difference:
		"Thanos is real; it is installed from manifests of our own instead of its public chart, and the compactor only checks the bucket",
};
