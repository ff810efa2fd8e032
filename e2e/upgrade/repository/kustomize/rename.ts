import { stringAt, type YamlMap } from "../../../common/parsing/yaml-map.ts";
import {
	kindOf,
	nameOfResource,
	type Resource,
	withMetadata,
} from "./resource.ts";

/** Applies `namespace`, `namePrefix` and `nameSuffix`, which Flux' own Kustomization has, too. */
export function renameResources(
	resources: readonly Resource[],
	settings: YamlMap,
	namespaceKey = "namespace",
): Resource[] {
	const namespace = stringAt(settings, namespaceKey);
	const prefix = stringAt(settings, "namePrefix") ?? "";
	const suffix = stringAt(settings, "nameSuffix") ?? "";
	return resources.map((each) => {
		const name = nameOfResource(each);
		// A Namespace is renamed: people copy the name of one into what needs it.
		const isNamespace = kindOf(each) === "Namespace";
		const placed = namespace
			? withMetadata(each, isNamespace ? { name: namespace } : { namespace })
			: each;
		if (isNamespace) return placed;
		return prefix || suffix
			? {
					...withMetadata(placed, { name: `${prefix}${name}${suffix}` }),
					formerNames: [...each.formerNames, name],
				}
			: placed;
	});
}
