import { yamlAt } from "../../../common/parsing/yaml-map.ts";

/**
 * What the last of several values says at a path, as Helm layers them: one that says null further up takes back what
 * earlier ones say below it.
 */
export function lastSaid(
	values: readonly unknown[],
	...path: readonly string[]
): unknown {
	const last = values.findLast((each) =>
		path.some((_, i) => {
			const said = yamlAt(each, ...path.slice(0, i + 1));
			return said === null || (i === path.length - 1 && said !== undefined);
		}),
	);
	return yamlAt(last, ...path);
}
