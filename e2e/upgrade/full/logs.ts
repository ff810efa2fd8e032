import { isNotFound } from "../../clients/api-server/kube-error.ts";
import { pod } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { clusterNow } from "../../common/clock/cluster-clock.ts";
import { cutAfter } from "../../common/secrecy/redact.ts";

/** How the operator, Prometheus and Alertmanager report a field that they do not accept, or an action that is forbidden. */
const refusals =
	/unknown field|field not declared|strict decoding error|field \S+ not found in type|unsupported field|is forbidden: User/i;

/** Lines of the stack's logs since a moment that report an unknown or refused field, or a forbidden action. */
export async function findRefusals(
	kube: KubeClient,
	namespace: string,
	since: number,
): Promise<string[]> {
	const pods = await kube.list(
		{ apiVersion: "v1", kind: "Pod", namespace },
		pod,
	);
	const sinceSeconds = Math.ceil((clusterNow() - since) / 1000);
	const found = await Promise.all(
		pods.flatMap(({ metadata, status }) =>
			// A container that never started has no log.
			status.containerStatuses
				.filter(({ ready, restartCount }) => ready || restartCount > 0)
				.map(async ({ name }) => {
					const log = await kube
						.logs(namespace, metadata.name, { container: name, sinceSeconds })
						.catch((error: unknown) => {
							// The pod was deleted after it was listed.
							if (isNotFound(error)) return "";
							throw error;
						});
					return log
						.split("\n")
						.filter((line) => refusals.test(line))
						.map(
							(line) => `${metadata.name}/${name}: ${cutAfter(line, 300, "")}`,
						);
				}),
		),
	);
	return [...new Set(found.flat())];
}

/** The lines that report something new; times, counts and pod names are ignored, because they always differ. */
export function findNewRefusals(
	lines: readonly string[],
	before: readonly string[],
): string[] {
	const gist = (line: string) =>
		line.replace(/^[^ ]+: /, "").replaceAll(/\d+/g, "0");
	const known = new Set(before.map(gist));
	return lines.filter((line) => !known.has(gist(line)));
}
