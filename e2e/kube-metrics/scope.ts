import { pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { takeComponentPods } from "../placement/placed-pods.ts";
import { promisedComponent } from "../scraping/promised-targets.ts";

/** Arguments of kube-state-metrics that make it report less than everything. */
const narrowing =
	/^--?(namespaces|namespaces-denylist|metric-allowlist|metric-denylist|resources)=(.+)$/;

/** What kube-state-metrics reports on. */
export interface Scope {
	/** Why something may be missing, as a clause; undefined if it reports on everything. */
	readonly cause: string | undefined;
	/** The namespaces that a person has left out. */
	readonly leftOut: readonly string[];
}

/** @param args the arguments of all of its containers */
export function makeScope(args: readonly string[]): Scope {
	const found = args.flatMap((arg) => {
		const [, name, value = ""] = narrowing.exec(arg) ?? [];
		return name ? [{ arg, name, value }] : [];
	});
	const given = found.map(({ arg }) => arg).join(" ");
	const isListed = found.some(({ name }) => name === "namespaces");
	return {
		cause: given ? `kube-state-metrics runs with ${given}` : undefined,
		leftOut: found
			// Where both are given, kube-state-metrics ignores the list of those to leave out.
			.filter(({ name }) => name === "namespaces-denylist" && !isListed)
			.flatMap(({ value }) => value.split(",").filter(Boolean)),
	};
}

/** Reads it from the pods of kube-state-metrics. @param namespace the stack's */
export async function readScope(
	kube: KubeClient,
	namespace: string,
): Promise<Scope> {
	const all = await kube.list({ apiVersion: "v1", kind: "Pod" }, pod);
	const own = takeComponentPods(
		all,
		promisedComponent("kube-state-metrics"),
		namespace,
	);
	return makeScope(
		own.flatMap(({ spec }) => spec.containers.flatMap(({ args }) => args)),
	);
}
