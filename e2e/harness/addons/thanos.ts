import type { Addon } from "./addon.ts";

/** Thanos' query, store gateway and compactor. The Secret that they read is the sidecar's, which set-up writes. */
export const thanos: Addon = {
	name: "thanos",
	components: ["thanos"],
	claims: ["thanos-queries", "grafana-datasources", "volume-lost"],
};
