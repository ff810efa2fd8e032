import { isMap, parseAllDocuments, visit } from "yaml";

/** Finds every image reference in rendered manifests: of containers, of custom resources, and in the operator's flags. */
export function imagesOf(manifests: string): string[] {
	const found = new Set<string>();
	for (const document of parseAllDocuments(manifests, {
		uniqueKeys: false,
	})) {
		visit(document, {
			Pair(_, pair, path) {
				const { key, value } = pair as { key?: unknown; value?: unknown };
				if (scalar(key) !== "image") return;
				const parent = path.at(-1);
				// A container's image may have neither a registry nor a tag, as in `busybox`.
				const isContainer = isMap(parent) && parent.has("name");
				const text = scalar(value);
				if (isReference(text) || (isContainer && /^[\w][\w.:/@-]*$/.test(text)))
					found.add(text);
			},
			Scalar(_, node) {
				const flag = /^--[a-z-]*(?:image|config-reloader)=(.+)$/.exec(
					scalar(node),
				)?.[1];
				if (flag && isReference(flag)) found.add(flag);
			},
		});
	}
	return [...found].sort();
}

function scalar(node: unknown): string {
	const value =
		typeof node === "object" && node !== null && "value" in node
			? node.value
			: node;
	return typeof value === "string" ? value : "";
}

/** Whether it has a tag or a digest. The operator's flags also contain repositories, to which it adds a tag. */
function isReference(text: string): boolean {
	return /^[\w.-]+(:\d+)?(\/[\w./-]+)?(:[\w.-]+(@sha256:[0-9a-f]+)?|@sha256:[0-9a-f]+)$/.test(
		text,
	);
}
