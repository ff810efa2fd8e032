import type { Addon } from "./addon.ts";

/** MinIO's ServiceMonitor. MinIO itself is part of the ground: a container beside the cluster. */
export const minio: Addon = {
	name: "minio",
	components: [],
	claims: [],
	standsInFor:
		"the Service, ServiceMonitor and Probe of MinIO's public chart, by a Service and a ServiceMonitor: MinIO is the real one, and runs beside the cluster",
};
