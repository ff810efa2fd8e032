import type { ExposedSample } from "../clients/exposition.ts";
import type { Pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { findLoggedError } from "../common/parsing/logged-error.ts";
import { readSidecarMetrics } from "../harness/cluster/prometheus-pod.ts";
import { readObjectStore } from "../thanos/object-store-config.ts";

/** What may delay an upload, for the message of a wait that times out. */
export interface UploadWitnesses {
	/** From when on the bucket's objects count, in milliseconds. */
	readonly since: number;
	readonly sidecar: () => Promise<ExposedSample[]>;
	/** The last error in the sidecar's log; undefined if it has logged none. */
	readonly lastError: () => Promise<string | undefined>;
	/** Where the sidecar is told to upload to. */
	readonly objectStore: () => Promise<string | undefined>;
}

const container = "thanos-sidecar";

/** @param findPod the pod of Prometheus, asked for at each look: a fault may have replaced it */
export function witnessUploads(
	kube: KubeClient,
	findPod: () => Promise<Pod> | Pod,
): UploadWitnesses {
	return {
		since: clusterNow(),
		sidecar: async () => readSidecarMetrics(kube, await findPod()),
		lastError: async () => {
			const { metadata } = await findPod();
			const log = await kube.logs(metadata.namespace ?? "", metadata.name, {
				container,
				tailLines: 200,
			});
			return findLoggedError(log);
		},
		objectStore: async () => readObjectStore(kube, await findPod(), container),
	};
}
