import type { Manifest } from "../clients/kube-objects.ts";
import { tierLabel } from "../harness/cluster/tiers.ts";

/** The names of what is planted for kube-state-metrics to report. */
export const planted = {
	/** A pod that fails each time it starts. */
	crashing: "crashing",
	/** A Deployment that wants two pods on one node, where only one is allowed. */
	short: "short",
	/** A Deployment that has the pod it wants. */
	whole: "whole",
	/** A Deployment whose rollout is held: its pod is available, and of the revision before. */
	held: "held",
	volumeClaim: "unusual",
} as const;

/** A size that no other volume claim has. */
const unusualSize = "37Mi";

/** @param image contains Node */
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
		makeDeployment(namespace, planted.held, 1, image),
		{
			apiVersion: "v1",
			kind: "PersistentVolumeClaim",
			metadata: { name: planted.volumeClaim, namespace },
			spec: {
				storageClassName: "longhorn",
				accessModes: ["ReadWriteOnce"],
				resources: { requests: { storage: unusualSize } },
			},
		},
	];
}

/**
 * The planted Deployment with a second revision that does not begin. It is paused, so that the state stays without a pod
 * that fails or waits.
 */
export function makeHeldRevision(namespace: string, image: string): Manifest {
	const revision = { "o11y-e2e/revision": "2" };
	const { spec, ...rest } = makeDeployment(
		namespace,
		planted.held,
		1,
		image,
		revision,
	);
	return { ...rest, spec: { ...spec, paused: true } };
}

function makeDeployment(
	namespace: string,
	name: string,
	replicas: number,
	image: string,
	annotations: Readonly<Record<string, string>> = {},
) {
	const labels = { app: name };
	return {
		apiVersion: "apps/v1",
		kind: "Deployment",
		metadata: { name, namespace },
		spec: {
			replicas,
			selector: { matchLabels: labels },
			template: {
				metadata: { labels, annotations },
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
		// Other pods on this node already use the image.
		nodeSelector: { [tierLabel]: "small" },
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
