import type { Manifest } from "../clients/kube-objects.ts";

/** A pod of the sample app, with what decides whether it is scraped. */
export interface SamplePod {
	readonly namespace: string;
	readonly name: string;
	/** The value of the label `o11y.ruiz.sh/metrics`; undefined if the pod does not have it. */
	readonly label?: "true" | "false";
	readonly portName: string;
	/** Its metric's value. */
	readonly value: number;
}

/** The metric that every sample pod exposes; its label `sample` is the pod's name. */
export const sampleMetric = "o11y_e2e_sample_value";

const source = "sample-app";

/** The ConfigMap with the sample app's source, which its pods mount. */
export function makeSampleSource(namespace: string, server: string): Manifest {
	return {
		apiVersion: "v1",
		kind: "ConfigMap",
		metadata: { name: source, namespace },
		data: { "server.ts": server },
	};
}

/** @param image contains Node */
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
			// On one node, so that only that one pulls the image.
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
