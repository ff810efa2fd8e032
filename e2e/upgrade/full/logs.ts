import { pod } from "../../clients/kube-objects.ts";
import { isNotFound, type KubeClient } from "../../clients/kubernetes.ts";

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
					const log = await kube
						.logs(namespace, metadata.name, { container: name, sinceSeconds })
						.catch((error: unknown) => {
							// It has gone since the pods were listed.
							if (isNotFound(error)) return "";
							throw error;
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

/** The lines that say something which none of those before said: times, counts and names of pods differ each time. */
export function findNewRefusals(
	lines: readonly string[],
	before: readonly string[],
): string[] {
	const gist = (line: string) =>
		line.replace(/^[^ ]+: /, "").replaceAll(/\d+/g, "0");
	const known = new Set(before.map(gist));
	return lines.filter((line) => !known.has(gist(line)));
}
