import { isNull, isPlainObject, omitBy } from "es-toolkit";
import { z } from "zod";
import { parseAs } from "../../common/parsing/parse-as.ts";
import { parseYamlDocuments } from "../../common/parsing/yaml-documents.ts";
import { stringAt } from "../../common/parsing/yaml-map.ts";
import type { Manifest } from "../kube-objects.ts";

/** A name that is no text, such as an unquoted `n`, is the API server's to refuse: until then, it is read as one. */
const writtenName = z
	.union([z.string(), z.number(), z.boolean()])
	.transform(String);
const manifest = z.looseObject({
	apiVersion: z.string(),
	kind: z.string(),
	// Charts write `labels:` with nothing below it. The API server takes that for no labels.
	metadata: z.preprocess(
		(value) => (isPlainObject(value) ? omitBy(value, isNull) : value),
		z.looseObject({
			name: writtenName,
			namespace: writtenName.optional(),
		}),
	),
});
const manifestList = z.looseObject({
	kind: z.string().endsWith("List"),
	items: z.array(manifest),
});

/** Parses manifests in YAML. Empty documents are left out, lists are flattened. */
export function parseManifests(yaml: string): Manifest[] {
	// Helm accepts a key that occurs twice, so its output may contain one.
	return parseYamlDocuments(yaml, { uniqueKeys: false, asGo: true }).flatMap(
		(value): Manifest[] => {
			if (value === null || value === undefined) return [];
			const list = manifestList.safeParse(value);
			return list.success
				? list.data.items
				: [parseAs(manifest, value, describeManifest(value))];
		},
	);
}

function describeManifest(value: unknown): string {
	const kind = stringAt(value, "kind");
	const name = stringAt(value, "metadata", "name");
	return kind === undefined
		? "a manifest"
		: `the manifest of a ${kind}${name === undefined ? "" : ` ${name}`}`;
}
