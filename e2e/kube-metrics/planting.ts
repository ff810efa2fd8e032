import type { Manifest } from "../clients/kubernetes.ts";

/** What is planted for kube-state-metrics to tell of, by name. */
export const planted = {
	/** Ends with an error each time it starts. */
	crashing: "crashing",
	/** Wants two pods on one node, of which it may have one. */
	short: "short",
	/** Has what it wants. */
	whole: "whole",
	claim: "unusual",
} as const;

/** A size that no other claim has. */
export const claimSize = { text: "37Mi", bytes: 37 * 2 ** 20 };

/** @param image carries Node */
export function makePlanted(namespace: string, image: string): Manifest[] {
	return [
		{
			apiVersion: "v1",
			kind: "Pod",
			metadata: { name: planted.crashing, namespace },
			spec: makePodSpec(image, "process.exit(1)"),
		},
		makeDeployment(namespace, planted.short, 2, image),
		makeDeployment(namespace, planted.whole, 1, image),
		{
			apiVersion: "v1",
			kind: "PersistentVolumeClaim",
			metadata: { name: planted.claim, namespace },
			spec: {
				storageClassName: "longhorn",
				accessModes: ["ReadWriteOnce"],
				resources: { requests: { storage: claimSize.text } },
			},
		},
	];
}

function makeDeployment(
	namespace: string,
	name: string,
	replicas: number,
	image: string,
): Manifest {
	const labels = { app: name };
	return {
		apiVersion: "apps/v1",
		kind: "Deployment",
		metadata: { name, namespace },
		spec: {
			replicas,
			selector: { matchLabels: labels },
			template: {
				metadata: { labels },
				spec: {
					...makePodSpec(image, "setInterval(() => {}, 1e9)"),
					affinity: {
						podAntiAffinity: {
							requiredDuringSchedulingIgnoredDuringExecution: [
								{
									topologyKey: "kubernetes.io/hostname",
									labelSelector: { matchLabels: labels },
								},
							],
						},
					},
				},
			},
		},
	};
}

function makePodSpec(image: string, script: string) {
	return {
		automountServiceAccountToken: false,
		terminationGracePeriodSeconds: 0,
		// The node that has this image for other pods already.
		nodeSelector: { "o11y.ruiz.sh/tier": "small" },
		containers: [
			{
				name: "main",
				image,
				command: ["/usr/local/bin/node", "-e", script],
				resources: { requests: { cpu: "5m", memory: "24Mi" } },
			},
		],
	};
}
