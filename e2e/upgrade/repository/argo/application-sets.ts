import {
	isMap,
	mapAt,
	mapsAt,
	stringAt,
} from "../../../common/parsing/yaml-map.ts";
import type { RepositoryTree } from "../git/tree.ts";
import type { Resource } from "../kustomize/resource.ts";
import type { Application } from "./applications.ts";
import { readGenerator } from "./set-generators.ts";
import { renderStrings } from "./set-templates.ts";

/** The Applications that an ApplicationSet makes, as far as the repository says. */
export function expandApplicationSet(
	set: Resource,
	tree: RepositoryTree,
): Application[] {
	const { object, place } = set;
	const isGo = mapAt(object, "spec").goTemplate === true;
	const template = mapAt(object, "spec", "template");
	const patch = stringAt(object, "spec", "templatePatch");
	const made = mapsAt(object, "spec", "generators").flatMap((generator) => {
		const unknown = new Set<string>();
		const parameters = readGenerator(generator, { tree, isGo, unknown });
		return parameters.map((each) => ({ ...each, unknown }));
	});
	return made.map(({ context, variant, unknown: ofGenerator }, i) => {
		const unknown = new Set([...set.unknown, ...ofGenerator]);
		const rendered = renderStrings(template, context, isGo, unknown);
		if (patch !== undefined)
			unknown.add(`templatePatch of ${place.file} is left out`);
		return {
			object: { ...(isMap(rendered) && rendered), kind: "Application" },
			place,
			// Several generators may say nothing of what tells them apart.
			variant: made.length > 1 ? variant || `number ${i + 1}` : "",
			isGenerated: true,
			unknown: [...unknown],
			unread: [
				...(set.unread ?? []),
				...(patch === undefined
					? []
					: [{ what: `templatePatch of ${place.file}`, content: patch }]),
			],
		};
	});
}
