import { mapAt, stringAt, yamlAt } from "../../../common/parsing/yaml-map.ts";
import { makePlaceholder } from "../../../harness/chart/encryption.ts";
import {
	isCalled,
	kindOf,
	nameOfResource,
	namespaceOf,
	type Resource,
} from "../kustomize/resource.ts";
import { type ReadValues, readValuesText } from "../release.ts";
import { readSetValues } from "../set-values.ts";
import type { UnreadPart } from "../unread.ts";
import { nearest, readData } from "./data.ts";
import type { FluxSurroundings } from "./surroundings.ts";

/** What makes Secrets in the cluster. */
const makerKinds = ["SealedSecret", "ExternalSecret"];

/** What a Secret is made from, if that is in the repository: its content is not known, but whether it changes. */
function makersOf(
	name: string,
	namespace: string | undefined,
	{ place }: Resource,
	everywhere: readonly Resource[],
): UnreadPart[] {
	const makers = everywhere.filter(
		(each) =>
			makerKinds.includes(kindOf(each)) &&
			(stringAt(each.object, "spec", "target", "name") === name ||
				isCalled(each, name)),
	);
	return makerKinds.flatMap((kind) => {
		const [maker] = makers.filter((each) => kindOf(each) === kind);
		const own = nearest(makers, kind, name, namespace, place.file) ?? maker;
		if (!own) return [];
		// How often it is made anew does not change it.
		const { refreshInterval: _, ...spec } = mapAt(own.object, "spec");
		return [
			{
				what: `what ${kind} ${nameOfResource(own)} makes`,
				content: JSON.stringify(spec),
			},
		];
	});
}

/** One entry of valuesFrom. */
export function readValuesSource(
	entry: object,
	release: Resource,
	{ together, everywhere }: FluxSurroundings,
): ReadValues {
	const kind = stringAt(entry, "kind") ?? "ConfigMap";
	const name = stringAt(entry, "name") ?? "";
	const key = stringAt(entry, "valuesKey") ?? "values.yaml";
	const target = stringAt(entry, "targetPath");
	const isOptional = yamlAt(entry, "optional") === true;
	const { file } = release.place;
	const namespace = namespaceOf(release);
	const found =
		nearest(together, kind, name, namespace, file) ??
		nearest(everywhere, kind, name, namespace, file);
	const read = found && readData(found);
	const text = read?.data.get(key);
	const isKnown = text !== undefined && !read?.isEncrypted;
	const what = `${kind} ${name}`;
	const why = read?.isEncrypted
		? "is encrypted"
		: found
			? `has no ${key}`
			: "is not in the repository";
	const unread: readonly UnreadPart[] = read?.isEncrypted
		? [
				{
					what: `${key} of ${what}, which is encrypted`,
					content: text ?? "",
				},
			]
		: found
			? []
			: makersOf(name, namespace, release, everywhere);
	if (target !== undefined) {
		const value = isKnown ? text : makePlaceholder(target);
		const values = readSetValues(
			[{ path: target, text: value }],
			`${what} (${target})`,
		);
		const sentence = `${target} comes from ${what}, which ${why}: ${value} stands for it`;
		return isKnown ? values : { ...values, unknown: [sentence], unread };
	}
	if (isKnown) {
		const written = found?.files[key] ?? `${found?.place.file} (${key})`;
		const values = readValuesText(text, written);
		return {
			...values,
			unknown: [...(found?.unknown ?? []), ...values.unknown],
			unread: [...(found?.unread ?? []), ...(values.unread ?? [])],
		};
	}
	if (isOptional && !found && unread.length === 0)
		return { files: [], unknown: [] };
	return {
		files: [],
		unread,
		unknown: [`${what} ${why}: the values in it are left out`],
	};
}
