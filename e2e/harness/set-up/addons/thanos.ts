import type { Addon } from "./addon.ts";

/** Thanos' query, store gateway and compactor. The Secret that they read is the sidecar's, which set-up writes. */
export const thanos: Addon = {
	name: "thanos",
	components: ["thanos"],
	standsInFor:
		"Thanos' public chart, by manifests of our own; and a compactor that compacts, by one that looks through the bucket. Thanos is the real one",
};
