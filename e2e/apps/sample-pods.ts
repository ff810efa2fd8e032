import type { Manifest } from "../clients/kubernetes.ts";

/** A sample app as a pod, with what decides whether it is scraped. */
export interface SamplePod {
	readonly namespace: string;
	readonly name: string;
	/** The value of `o11y.ruiz.sh/metrics`; absent where the pod does not bear the label. */
	readonly label?: "true" | "false";
	readonly portName: string;
	/** What its metric says. */
	readonly value: number;
}

/** The metric that every sample pod exposes; its label `sample` is the pod's name. */
export const sampleMetric = "o11y_e2e_sample_value";

const source = "sample-app";

/** The sample app's source, which its pods run from. */
export function makeSampleSource(namespace: string, server: string): Manifest {
	return {
		apiVersion: "v1",
		kind: "ConfigMap",
		metadata: { name: source, namespace },
		data: { "server.ts": server },
	};
}

/** @param image carries Node */
export function makeSamplePod(
	{ namespace, name, label, portName, value }: SamplePod,
	image: string,
): Manifest {
	return {
		apiVersion: "v1",
		kind: "Pod",
		metadata: {
			name,
			namespace,
			...(label && { labels: { "o11y.ruiz.sh/metrics": label } }),
		},
		spec: {
			automountServiceAccountToken: false,
			// One node has to pull the image instead of four.
			nodeSelector: { "o11y.ruiz.sh/tier": "small" },
			containers: [
				{
					name: "app",
					image,
					command: ["/usr/local/bin/node", "/app/server.ts"],
					env: [
						{
							name: "METRICS",
							value: `${sampleMetric}{sample="${name}"} ${value}\n`,
						},
						{ name: "PORT", value: "8080" },
					],
					ports: [{ name: portName, containerPort: 8080 }],
					resources: { requests: { cpu: "10m", memory: "48Mi" } },
					volumeMounts: [{ name: "app", mountPath: "/app" }],
				},
			],
			volumes: [{ name: "app", configMap: { name: source } }],
		},
	};
}
