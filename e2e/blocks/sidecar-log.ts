import type { Pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { findLoggedError } from "../common/parsing/logged-error.ts";

/** The last error that the Thanos sidecar has logged, for messages; undefined if it has logged none. */
export async function readLastError(
	kube: KubeClient,
	{ metadata }: Pod,
): Promise<string | undefined> {
	const log = await kube.logs(metadata.namespace ?? "", metadata.name, {
		container: "thanos-sidecar",
		tailLines: 200,
	});
	return findLoggedError(log);
}
