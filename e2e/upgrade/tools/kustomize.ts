import type { Tool } from "./tool.ts";

/**
 * Kustomize, which renders charts by `helm template` and leaves applying them to others:
 * https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/helmcharts/.
 *
 * @param includesCrds as in `includeCRDs`, which is false by default
 */
export function makeKustomize(includesCrds: boolean): Tool {
	return {
		name: "kustomize",
		title: "Kustomize",
		crds: includesCrds ? "replaced" : "kept",
		hooks: "plain",
		looksUp: false,
		prunes: undefined,
		apply: "unknown",
		forces: false,
		settings: undefined,
	};
}
