import { isPlainObject } from "es-toolkit";
import { parseYamlDocuments } from "../../common/parsing/yaml-documents.ts";

/** Finds every image reference in rendered manifests: of containers, of custom resources, and in the operator's flags. */
export function imagesOf(manifests: string): string[] {
	return imagesIn(parseYamlDocuments(manifests, { uniqueKeys: false }));
}

/** Finds every image reference in objects that are parsed already. */
export function imagesIn(objects: readonly unknown[]): string[] {
	const found = new Set<string>();
	const look = (value: unknown): void => {
		if (typeof value === "string") {
			const flag = /^--[a-z-]*(?:image|config-reloader)=(.+)$/.exec(value)?.[1];
			if (flag && isReference(flag)) found.add(flag);
		} else if (Array.isArray(value)) {
			for (const each of value) look(each);
		} else if (isPlainObject(value)) {
			const { image } = value;
			// A container's image may have neither a registry nor a tag, as in `busybox`.
			const isContainer = "name" in value;
			if (
				typeof image === "string" &&
				(isReference(image) || (isContainer && /^[\w][\w.:/@-]*$/.test(image)))
			)
				found.add(image);
			for (const each of Object.values(value)) look(each);
		}
	};
	for (const each of objects) look(each);
	return [...found].sort();
}

/** Whether it has a tag or a digest. The operator's flags also contain repositories, to which it adds a tag. */
function isReference(text: string): boolean {
	return /^[\w.-]+(:\d+)?(\/[\w./-]+)?(:[\w.-]+(@sha256:[0-9a-f]+)?|@sha256:[0-9a-f]+)$/.test(
		text,
	);
}
