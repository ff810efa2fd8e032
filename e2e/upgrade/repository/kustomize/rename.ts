import { stringAt, type YamlMap } from "../../../common/parsing/yaml-map.ts";
import { nameOfResource, type Resource, withMetadata } from "./resource.ts";

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
		const placed = namespace ? withMetadata(each, { namespace }) : each;
		return prefix || suffix
			? {
					...withMetadata(placed, { name: `${prefix}${name}${suffix}` }),
					formerNames: [...each.formerNames, name],
				}
			: placed;
	});
}
