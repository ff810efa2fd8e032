import { stringify } from "yaml";
import { yamlAt } from "../../../common/parsing/yaml-map.ts";
import {
	isEncryptedText,
	makePlaceholder,
} from "../../../harness/chart/encryption.ts";
import { parseDocuments } from "../documents.ts";
import type { Resource } from "../kustomize/resource.ts";
import type { UnreadPart } from "../unread.ts";

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
	const text = stringify(object, { lineWidth: 0 });
	if (isDisabled || !text.includes("${")) return resource;
	const unknown = new Set<string>();
	const unread: UnreadPart[] = [];
	const placeholder = (name: string, why: string) => {
		unknown.add(`${name} ${why}: ${makePlaceholder(name)} stands for it`);
		return makePlaceholder(name);
	};
	const replaced = text.replaceAll(
		/\$(\$\{)|\$\{([a-zA-Z_]\w*)(?:(:?[-=])([^}]*))?\}/g,
		(_, escaped, name: string | undefined, operator, fallback = "") => {
			if (escaped) return escaped;
			if (name === undefined) return "";
			const value = known.get(name);
			if (value !== undefined && isEncryptedText(value)) {
				unread.push({ what: `${name}, which is encrypted`, content: value });
				return placeholder(name, "is encrypted");
			}
			if (value !== undefined && (value !== "" || !operator?.startsWith(":")))
				return value;
			if (operator) return fallback;
			// Flux puts nothing there.
			if (missing.length === 0) return "";
			return placeholder(name, `is perhaps in ${missing.join(" or ")}`);
		},
	);
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
