import type { Addon } from "./addon.ts";

/** MinIO's ServiceMonitor. MinIO itself is a container beside the cluster. */
export const minio: Addon = {
	name: "minio",
	components: [],
	monitoring:
		"MinIO's own chart makes one of its nodes' metrics, and a Probe of the cluster's",
	standsInFor:
		"the Service, ServiceMonitor and Probe of MinIO's public chart, by a Service and a ServiceMonitor: MinIO is the real one, and runs beside the cluster",
};
