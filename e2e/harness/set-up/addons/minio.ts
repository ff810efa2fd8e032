import type { Addon } from "./addon.ts";

/** MinIO's ServiceMonitor. MinIO itself runs in a container outside of the cluster. */
export const minio: Addon = {
	name: "minio",
	components: [],
	monitoring:
		"MinIO's own chart makes a ServiceMonitor for the metrics of its nodes, and a Probe for those of the cluster",
	difference:
		"MinIO is real, but runs outside the cluster; a Service and a ServiceMonitor of our own replace those of its public chart, and its Probe",
};
