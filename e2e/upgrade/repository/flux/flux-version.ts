import { posix } from "node:path";
import { memoize } from "es-toolkit";
import { stringAt, type YamlMap } from "../../../common/parsing/yaml-map.ts";
import type { RepositoryTree } from "../git/tree.ts";
import { isManifestFile } from "../kustomize/wanted.ts";

/**
 * The version of Flux that a repository installs, e.g. v2.7.5 or 2.7.x; undefined if it does not say. It is in the
 * labels of what `flux bootstrap` writes, in a FluxInstance of Flux Operator, or the tag of the manifests' OCIRepository.
 */
export const fluxVersionIn = memoize(
	(tree: RepositoryTree): string | undefined => {
		for (const path of tree.paths.filter(isManifestFile)) {
			const version = versionIn(tree, path);
			if (version) return version;
		}
		return undefined;
	},
);

function versionIn(tree: RepositoryTree, path: string): string | undefined {
	const text = tree.read(path) ?? "";
	if (posix.basename(path) === "gotk-components.yaml")
		return /app\.kubernetes\.io\/version:\s*["']?(v[\d.]+)/.exec(text)?.[1];
	if (!/FluxInstance|flux-manifests/.test(text)) return undefined;
	return tree
		.documents(path)
		.flatMap(({ content }) => versionOf(content) ?? [])[0];
}

function versionOf(object: YamlMap): string | undefined {
	const kind = stringAt(object, "kind");
	if (kind === "FluxInstance") {
		const version = stringAt(object, "spec", "distribution", "version");
		// 2.x is any of them.
		return version && /\d\.\d/.test(version) ? version : undefined;
	}
	const isManifests =
		kind === "OCIRepository" &&
		stringAt(object, "spec", "url")?.endsWith("/flux-manifests");
	return isManifests ? stringAt(object, "spec", "ref", "tag") : undefined;
}
