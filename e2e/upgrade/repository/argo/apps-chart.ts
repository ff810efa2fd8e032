import {
	isMap,
	mapAt,
	stringAt,
	type YamlMap,
} from "../../../common/parsing/yaml-map.ts";
import type { YamlDocument } from "../documents.ts";
import { makeResource, type Resource } from "../kustomize/resource.ts";

const kinds = {
	applications: "Application",
	applicationsets: "ApplicationSet",
	additionalApplications: "Application",
} as const;

/** Applications that are values of Argo's own chart for them, at the top or under the name of a dependency. */
export function readAppsValues({ content, place }: YamlDocument): Resource[] {
	const holders = [content, ...Object.values(content).filter(isMap)];
	return holders.flatMap((holder) =>
		Object.entries(kinds).flatMap(([key, kind]) =>
			entriesOf(holder[key]).flatMap(([name, entry]) => {
				const { metadata, namespace, ...spec } = entry;
				const isOne = ["source", "sources", "template"].some(
					(each) => each in spec,
				);
				const made = {
					apiVersion: "argoproj.io/v1alpha1",
					kind,
					metadata: { name, namespace, ...mapAt({ metadata }, "metadata") },
					spec,
				};
				return isOne ? [makeResource(made, place)] : [];
			}),
		),
	);
}

/** The entries of a map, or of a list by their names. */
function entriesOf(value: unknown): (readonly [string, YamlMap])[] {
	const entries = Array.isArray(value)
		? value.map((each): [string, unknown] => [
				stringAt(each, "name") ?? "",
				each,
			])
		: Object.entries(isMap(value) ? value : {});
	return entries.flatMap(([name, entry]) =>
		isMap(entry) ? [[name, entry] as const] : [],
	);
}
