import type { Addon } from "./addon.ts";

/** Thanos' query, store gateway and compactor. They read the sidecar's Secret, which set-up writes. */
export const thanos: Addon = {
	name: "thanos",
	components: ["thanos"],
	standsInFor:
		"Thanos' public chart, by manifests of our own; and a compactor that compacts, by one that only checks the bucket. Thanos is the real one",
};
