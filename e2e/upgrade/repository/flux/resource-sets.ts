import { writeGoYaml } from "../../../common/parsing/go-yaml.ts";
import {
	isMap,
	listAt,
	mapAt,
	mapsAt,
	stringAt,
	type YamlMap,
} from "../../../common/parsing/yaml-map.ts";
import { objectsIn, parseDocuments } from "../documents.ts";
import {
	kindOf,
	makeResource,
	nameOfResource,
	namespaceOf,
	type Resource,
} from "../kustomize/resource.ts";
import { renderTemplate } from "../templates/render.ts";
import { makeStandIns } from "../templates/stand-in.ts";
import { nearest } from "./data.ts";

/**
 * Adds what each ResourceSet of Flux Operator makes, once for each of its inputs
 * (https://fluxoperator.dev/docs/crd/resourceset/).
 *
 * @param everywhere where providers of inputs are
 */
export function expandResourceSets(
	resources: readonly Resource[],
	everywhere: readonly Resource[],
): Resource[] {
	return resources.flatMap((each) =>
		kindOf(each) === "ResourceSet"
			? [each, ...readResourceSet(each, everywhere)]
			: [each],
	);
}

function readResourceSet(
	set: Resource,
	everywhere: readonly Resource[],
): Resource[] {
	const { object, place } = set;
	const spec = mapAt(object, "spec");
	const unknown = new Set(set.unknown);
	const inputs = [
		...mapsAt(spec, "inputs"),
		...mapsAt(spec, "inputsFrom").flatMap((from) =>
			inputsOf(from, set, everywhere, unknown),
		),
	];
	const written = [
		...listAt(spec, "resources").map((each) => writeGoYaml(each)),
		stringAt(spec, "resourcesTemplate") ?? "",
	].join("\n---\n");
	const made = (inputs.length > 0 ? inputs : [{}]).map((each) => {
		const { text, ...about } = renderTemplate(withGoDelimiters(written), {
			inputs: each,
		});
		return objectsIn(parseDocuments(text, place.file)).map(({ content }) => ({
			...makeResource(withNamespaceOf(set, content), place),
			unknown: [...unknown, ...about.unknown],
			unread: [...(set.unread ?? []), ...about.unread],
		}));
	});
	const all = made.flat();
	return all.some((each) => isWhole(each.object)) ||
		!/HelmRelease/.test(written)
		? all
		: makeStandIns(
				"HelmRelease",
				nameOfResource(set),
				place,
				`ResourceSet ${nameOfResource(set)}`,
				`${written}\n${JSON.stringify(inputs)}`,
			);
}

function isWhole(object: YamlMap): boolean {
	return stringAt(object, "metadata", "name") !== undefined;
}

/** Objects without a namespace are made in that of the ResourceSet. */
function withNamespaceOf(set: Resource, object: YamlMap): YamlMap {
	const namespace = namespaceOf(set);
	return namespace === undefined
		? object
		: { ...object, metadata: { namespace, ...mapAt(object, "metadata") } };
}

/** The inputs of a provider: those of one that is static are written there. */
function inputsOf(
	from: YamlMap,
	set: Resource,
	everywhere: readonly Resource[],
	unknown: Set<string>,
): YamlMap[] {
	const name = stringAt(from, "name") ?? "";
	const kind = stringAt(from, "kind") ?? "ResourceSetInputProvider";
	const provider = nearest(
		everywhere,
		kind,
		name,
		namespaceOf(set),
		set.place.file,
	);
	const spec = mapAt(provider?.object, "spec");
	if (stringAt(spec, "type") !== "Static")
		unknown.add(
			`what ${kind} ${name || "with a selector"} finds is not known: only its defaults are read`,
		);
	const values = spec.defaultValues;
	return isMap(values) ? [values] : [];
}

/** Its templates are those of Go with other delimiters, and `inputs` is a function. */
function withGoDelimiters(text: string): string {
	return text
		.split(/(<<.*?>>)/s)
		.map((part, i) =>
			i % 2 === 0
				? part.replaceAll("{{", "{{`{{`}}")
				: `{{${part.slice(2, -2).replaceAll(/(?<![.\w"$])inputs\b/g, "$$.inputs")}}}`,
		)
		.join("");
}
