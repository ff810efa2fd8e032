import { parseYamlDocuments } from "../../../common/parsing/yaml-documents.ts";
import { stringAt, yamlAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { documentsOf } from "../charts/documents.ts";
import type { Side } from "../charts/side.ts";
import { duplicateKeysIn } from "./duplicate-keys.ts";

/** What is refused of documents as they are written, and what parsing hides: keys that are there twice, names that are no text. */
export function compareWritten(a: Side, b: Side): Reason[] {
	const before = new Set(documentsOf(a.text));
	const fresh = documentsOf(b.text).filter((each) => !before.has(each));
	return [...compareDuplicates(before, fresh), ...fresh.flatMap(misnamedIn)];
}

const oddName = /name: *(y|n|yes|no|on|off|true|false|[-+.\d_]+)\b/i;

/** YAML takes an unquoted `n` for false, and `1234` for a number. */
function misnamedIn(document: string): Reason[] {
	if (!oddName.test(document)) return [];
	return parseYamlDocuments(document, {
		uniqueKeys: false,
		asGo: true,
	}).flatMap((object) => {
		const name = yamlAt(object, "metadata", "name");
		if (!["boolean", "number"].includes(typeof name)) return [];
		const kind = stringAt(object, "kind") ?? "an object";
		const place = [kind, stringAt(object, "metadata", "namespace"), name];
		return makeReason(
			"object-refused",
			place.filter((each) => each !== undefined).join("/"),
			`The name of ${kind} is ${String(name)}, which is no text in YAML: the API server refuses it.`,
			{
				wayOut:
					'Write it in quotes in your values, e.g. name: "n", or take another name: the upgrade fails there, halfway.',
			},
		);
	});
}

function compareDuplicates(
	before: ReadonlySet<string>,
	fresh: readonly string[],
): Reason[] {
	return fresh.flatMap((document) => {
		const found = duplicateKeysIn(document);
		const [first] = found;
		if (first === undefined) return [];
		const name = /^ {2}name: (\S+)/m.exec(document)?.[1] ?? "?";
		const kind = /^kind: (\S+)/m.exec(document)?.[1] ?? "?";
		// The same key twice in the old document, too, is nothing new.
		const old = [...before].find(
			(each) =>
				each.includes(`kind: ${kind}`) && each.includes(`name: ${name}\n`),
		);
		return old && duplicateKeysIn(old).length >= found.length
			? []
			: [
					makeReason(
						"object-refused",
						`${kind}/${name}`,
						`In ${kind}/${name} ${first}: Helm takes the last one, Flux, kustomize and server-side apply refuse it.`,
						{ evidence: found },
					),
				];
	});
}
