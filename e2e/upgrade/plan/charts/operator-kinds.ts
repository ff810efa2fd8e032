/** Kubernetes makes their pods, and keeps them. */
export const podWorkloads: readonly string[] = [
	"Deployment",
	"DaemonSet",
	"StatefulSet",
];

/** The operator makes their pods. */
export const operatorWorkloads: readonly string[] = [
	"Prometheus",
	"PrometheusAgent",
	"Alertmanager",
	"ThanosRuler",
];

/** Prometheus scrapes what they select. */
export const monitorKinds: readonly string[] = [
	"ServiceMonitor",
	"PodMonitor",
	"Probe",
	"ScrapeConfig",
];
