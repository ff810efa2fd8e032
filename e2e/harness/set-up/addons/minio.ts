import type { Addon } from "./addon.ts";

/** MinIO's ServiceMonitor. MinIO itself runs in a container outside of the cluster. */
export const minio: Addon = {
	name: "minio",
	components: [],
	monitoring:
		"MinIO's own chart makes a ServiceMonitor for the metrics of its nodes, and a Probe for those of the cluster",
	standsInFor:
		"the Service, ServiceMonitor and Probe of MinIO's public chart, by a Service and a ServiceMonitor: MinIO is the real one, and runs outside of the cluster",
};
