import { pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { takeComponentPods } from "../placement/placed-pods.ts";
import { promisedComponent } from "./promised-targets.ts";

/** The arguments of the operator's containers. @param own the stack's namespace */
export async function readOperatorArgs(
	kube: KubeClient,
	own: string,
): Promise<string[]> {
	const all = await kube.list({ apiVersion: "v1", kind: "Pod" }, pod);
	const component = promisedComponent("Prometheus Operator");
	return takeComponentPods(all, component, own).flatMap(({ spec }) =>
		spec.containers.flatMap(({ args }) => args),
	);
}

/** The argument by which the operator does not watch a namespace; undefined if it does. */
export function whyUnwatched(
	operatorArgs: readonly string[],
	namespace: string,
): string | undefined {
	return operatorArgs.find((arg) => {
		const [, kind, list = ""] =
			/^--?(namespaces|deny-namespaces)=(.*)$/.exec(arg) ?? [];
		const names = list.split(",").filter(Boolean);
		return kind === "namespaces"
			? names.length > 0 && !names.includes(namespace)
			: names.includes(namespace);
	});
}
