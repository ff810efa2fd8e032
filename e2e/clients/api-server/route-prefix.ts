import { z } from "zod";
import { kubeObject, type Manifest, monitoringV1 } from "../kube-objects.ts";
import type { KubeClient } from "../kubernetes.ts";
import { isNotFound } from "./kube-error.ts";
import type { PathPrefix } from "./proxy.ts";

/** The operator's kinds that may serve everything below a path. */
type Prefixed = "Prometheus" | "Alertmanager";

const spec = z
	.looseObject({ routePrefix: z.string().default("") })
	.default({ routePrefix: "" });
const rendered = z.looseObject({ spec });
const found = kubeObject.extend({ spec });

/** The path as it comes before another one: empty for `/`. */
function trim(routePrefix: string): string {
	return routePrefix.replace(/\/+$/, "");
}

/** `routePrefix` of the first object of a kind among those that a chart renders; empty if it serves at `/`. */
export function routePrefixIn(
	manifests: readonly Manifest[],
	kind: Prefixed,
): string {
	const { success, data } = rendered.safeParse(
		manifests.find((each) => each.kind === kind),
	);
	// The API server refuses anything else, with its own message.
	return success ? trim(data.spec.routePrefix) : "";
}

/** The same of a namespace's object in the cluster, read when it is first asked for. */
export function readRoutePrefix(
	kube: KubeClient,
	namespace: string,
	kind: Prefixed,
): PathPrefix {
	const read = async () => {
		try {
			const all = { apiVersion: monitoringV1, kind, namespace };
			const [first] = await kube.list(all, found);
			return trim(first?.spec.routePrefix ?? "");
		} catch (error) {
			// Without the operator's CRDs there is no such object.
			if (isNotFound(error)) return "";
			throw error;
		}
	};
	let known: string | undefined;
	return {
		read: async () => {
			known ??= await read();
			return known;
		},
		forget: () => {
			known = undefined;
		},
	};
}
