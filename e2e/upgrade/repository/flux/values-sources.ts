import { stringAt, yamlAt } from "../../../common/parsing/yaml-map.ts";
import { makePlaceholder } from "../../../harness/chart/encryption.ts";
import { namespaceOf, type Resource } from "../kustomize/resource.ts";
import { type ReadValues, readValuesText } from "../release.ts";
import { readSetValues } from "../set-values.ts";
import { nearest, readData } from "./data.ts";
import type { FluxSurroundings } from "./surroundings.ts";

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
	if (target !== undefined) {
		const value = isKnown ? text : makePlaceholder(target);
		const values = readSetValues([[target, value]], `${what} (${target})`);
		const sentence = `${target} comes from ${what}, which ${why}: ${value} stands for it`;
		return isKnown ? values : { ...values, unknown: [sentence] };
	}
	if (isKnown) {
		const written = found?.files[key] ?? `${found?.place.file} (${key})`;
		const values = readValuesText(text, written);
		return {
			...values,
			unknown: [...(found?.unknown ?? []), ...values.unknown],
		};
	}
	if (isOptional && !found) return { files: [], unknown: [] };
	return {
		files: [],
		unknown: [`${what} ${why}: the values in it are left out`],
	};
}
