import { pod } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";

/** How the operator, Prometheus and Alertmanager say that they do not take a field. */
const refusals =
	/unknown field|field not declared|strict decoding error|field \S+ not found in type|unsupported field|is forbidden: User/i;

/** Lines of the stack's logs since a moment that say that a field is unknown or refused, or an action forbidden. */
export async function findRefusals(
	kube: KubeClient,
	namespace: string,
	since: number,
): Promise<string[]> {
	const pods = await kube.list(
		{ apiVersion: "v1", kind: "Pod", namespace },
		pod,
	);
	const sinceSeconds = Math.ceil((Date.now() - since) / 1000);
	const found = await Promise.all(
		pods.flatMap(({ metadata, status }) =>
			// One that never started has no log.
			status.containerStatuses
				.filter(({ ready, restartCount }) => ready || restartCount > 0)
				.map(async ({ name }) => {
					const log = await kube.logs(namespace, metadata.name, {
						container: name,
						sinceSeconds,
					});
					return log
						.split("\n")
						.filter((line) => refusals.test(line))
						.map((line) => `${metadata.name}/${name}: ${line.slice(0, 300)}`);
				}),
		),
	);
	return [...new Set(found.flat())];
}
