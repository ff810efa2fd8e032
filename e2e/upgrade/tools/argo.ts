import {
	mapAt,
	textsAt,
	type YamlMap,
	yamlAt,
} from "../../common/parsing/yaml-map.ts";
import type { Tool, ToolSettings } from "./tool.ts";

/**
 * Argo CD. It renders by `helm template` and applies the result: CRDs with it unless `skipCrds` is set, hooks by its own,
 * and `lookup` finds nothing (https://argo-cd.readthedocs.io/en/stable/user-guide/helm/,
 * https://github.com/argoproj/argo-cd/issues/5202). It applies client-side unless `ServerSideApply=true`, which forces
 * conflicts, or `Replace=true`, which wins over it (https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/).
 * It deletes nothing by itself unless `automated.prune` is set
 * (https://argo-cd.readthedocs.io/en/stable/user-guide/auto_sync/).
 *
 * @param spec of an Application
 * @param helm its source's settings for Helm
 */
export function makeArgo(
	spec: YamlMap,
	helm: YamlMap,
	settings: ToolSettings | undefined,
): Tool {
	const options = textsAt(spec, "syncPolicy", "syncOptions");
	const automated = mapAt(spec, "syncPolicy", "automated");
	const isPruning =
		automated.prune === true &&
		automated.enabled !== false &&
		!options.includes("Prune=false");
	return {
		name: "argo",
		title: "Argo CD",
		crds: yamlAt(helm, "skipCrds") === true ? "kept" : "replaced",
		hooks: "argo",
		looksUp: false,
		prunes: settings ? isPruning : undefined,
		apply: options.includes("Replace=true")
			? "replaced"
			: options.includes("ServerSideApply=true")
				? "server-side"
				: "client-side",
		forces: true,
		settings,
	};
}
