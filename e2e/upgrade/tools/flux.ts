import { coerce, lt } from "semver";
import {
	stringAt,
	type YamlMap,
	yamlAt,
} from "../../common/parsing/yaml-map.ts";
import type { Tool, ToolSettings } from "./tool.ts";

/** The first version of Flux with Helm 4 in it: https://fluxcd.io/blog/2026/02/flux-v2.8.0/. */
const firstWithHelm4 = "2.8.0";

/**
 * Flux' helm-controller. `spec.upgrade.crds` is `Create` by default, which leaves existing CRDs as they are; only
 * `CreateReplace` updates them. `spec.upgrade.serverSideApply` is `auto` by default, which takes the method of the last
 * revision; it always forces conflicts. Source:
 * https://github.com/fluxcd/helm-controller/blob/main/docs/spec/v2/helmreleases.md
 *
 * @param spec of a HelmRelease; empty for the defaults
 * @param version of Flux, e.g. v2.7.5; undefined for a current one
 */
export function makeFlux(
	spec: YamlMap,
	settings: ToolSettings | undefined,
	version?: string,
): Tool {
	const policy = stringAt(spec, "upgrade", "crds");
	return {
		name: "flux",
		title: "Flux",
		crds:
			policy === "CreateReplace"
				? "replaced"
				: policy === "Skip"
					? "kept"
					: "created",
		hooks: yamlAt(spec, "upgrade", "disableHooks") === true ? "none" : "helm",
		looksUp: true,
		prunes: true,
		apply: applyMethod(stringAt(spec, "upgrade", "serverSideApply"), version),
		forces: true,
		settings,
	};
}

function applyMethod(
	wanted: string | undefined,
	version: string | undefined,
): Tool["apply"] {
	const known = coerce(version);
	if (wanted === "disabled" || (known && lt(known, firstWithHelm4)))
		return "three-way-merge";
	return wanted === "enabled" ? "server-side" : "inherited";
}
