import type { Pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";

/** The last error that the Thanos sidecar has logged, for messages; undefined if it has logged none. */
export async function readLastError(
	kube: KubeClient,
	{ metadata }: Pod,
): Promise<string | undefined> {
	const log = await kube.logs(metadata.namespace ?? "", metadata.name, {
		container: "thanos-sidecar",
		tailLines: 200,
	});
	return findLastError(log);
}

/** Finds the error in the last line of a log, in logfmt or JSON, that has one. */
export function findLastError(log: string): string | undefined {
	const line = log.split("\n").findLast((each) => /\berr=|"err":/.test(each));
	const quoted = /\berr=("(?:[^"\\]|\\.)*"|\S+)|"err":("(?:[^"\\]|\\.)*")/.exec(
		line ?? "",
	);
	const text = quoted?.[1] ?? quoted?.[2];
	return text?.replaceAll(/^"|"$/g, "").replaceAll('\\"', '"');
}
