import { writeGoYaml } from "../../../common/parsing/go-yaml.ts";
import { yamlAt } from "../../../common/parsing/yaml-map.ts";
import {
	isEncryptedText,
	makePlaceholder,
} from "../../../harness/chart/encryption.ts";
import { parseDocuments } from "../documents.ts";
import type { Resource } from "../kustomize/resource.ts";
import type { UnreadPart } from "../unread.ts";
import { expandVariables } from "./envsubst.ts";

/** The variables of a Kustomization's postBuild. */
export interface Substitutions {
	readonly known: ReadonlyMap<string, string>;
	/** Sources that cannot be read, for messages; then a variable that is not known may be in one of them. */
	readonly missing: readonly string[];
}

const disabled = "kustomize.toolkit.fluxcd.io/substitute";

/** Replaces `${VARIABLE}` in an object's YAML, as Flux does after the build. */
export function substituteIn(
	resource: Resource,
	{ known, missing }: Substitutions,
): Resource {
	const { object, place } = resource;
	const isDisabled = [
		yamlAt(object, "metadata", "annotations", disabled),
		yamlAt(object, "metadata", "labels", disabled),
	].includes("disabled");
	const text = writeGoYaml(object);
	if (isDisabled || !text.includes("${")) return resource;
	const unknown = new Set<string>();
	const unread: UnreadPart[] = [];
	const standIn = (name: string, why: string) => {
		unknown.add(`${name} ${why}: ${makePlaceholder(name)} stands for it`);
		return { text: makePlaceholder(name), isPlaceholder: true };
	};
	const replaced = expandVariables(text, (name, hasDefault) => {
		const value = known.get(name);
		if (value !== undefined && isEncryptedText(value)) {
			unread.push({ what: `${name}, which is encrypted`, content: value });
			return standIn(name, "is encrypted");
		}
		// Where no source is missing, Flux puts nothing there.
		if (value === undefined && missing.length > 0) {
			const why = `is perhaps in ${missing.join(" or ")}`;
			if (!hasDefault) return standIn(name, why);
			unknown.add(`${name} ${why}: its default stands for it`);
		}
		return { text: value ?? "", isPlaceholder: false };
	});
	const [document] = parseDocuments(replaced, place.file);
	return document
		? {
				...resource,
				object: document.content,
				unknown: [...resource.unknown, ...unknown],
				unread: [...(resource.unread ?? []), ...unread],
			}
		: resource;
}
