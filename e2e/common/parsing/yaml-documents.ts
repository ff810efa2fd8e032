import { CORE_SCHEMA, loadAll } from "js-yaml";
import { parseAllDocuments } from "yaml";
import { asGoReads, goSchema } from "./go-yaml.ts";
import { contentOf } from "./yaml-content.ts";

/**
 * The contents of all documents in a YAML text, as the library `yaml` reads them, and in a fifth of its time: a chart's
 * CRDs and renderings have megabytes.
 *
 * @param uniqueKeys whether a key that occurs twice is an error; if not, the last one counts
 * @param merge whether `<<` takes over the keys of another mapping
 * @param asGo whether words and numbers are read as Helm and kubectl read them: `yes` is true, not a text
 * @throws the first error of `yaml` if the text is not YAML, or has aliases that would fill the memory or refer to what they are in
 */
export function parseYamlDocuments(
	text: string,
	{ uniqueKeys = true, merge = false, asGo = false }: YamlOptions = {},
): unknown[] {
	const options = { uniqueKeys, merge, asGo };
	const quickly =
		merge && text.includes("<<") ? undefined : parseQuickly(text, options);
	return quickly ?? parseByYaml(text, options);
}

/** The content of a YAML text as above; undefined if it has none. @throws also for several documents */
export function parseYaml(text: string, options: YamlOptions = {}): unknown {
	const [content, ...others] = parseYamlDocuments(text, options);
	if (others.length > 0) throw new Error("it has several documents");
	return content;
}

interface YamlOptions {
	readonly uniqueKeys?: boolean;
	readonly merge?: boolean;
	readonly asGo?: boolean;
}

/** What the two libraries read differently: directives, tags of YAML's own, and numbers beyond all limits. */
const readDifferently = /^%|!!|(?<![\w.])\d[\d.]*e\+?\d{3,}(?!\w)/im;

/** Undefined for what js-yaml cannot read, or reads in another way. */
function parseQuickly(
	text: string,
	{ uniqueKeys, asGo }: YamlOptions,
): unknown[] | undefined {
	if (readDifferently.test(text)) return undefined;
	try {
		return loadAll(text, {
			schema: asGo ? goSchema : CORE_SCHEMA,
			json: !uniqueKeys,
			maxAliases: 0,
		});
	} catch {
		return undefined;
	}
}

function parseByYaml(
	text: string,
	{ asGo = false, ...options }: YamlOptions,
): unknown[] {
	const quiet = {
		...options,
		...(asGo && asGoReads),
		// Its warnings would quote the text, which may hold secrets.
		logLevel: "error",
	} as const;
	return parseAllDocuments(text, quiet).map((document) => {
		const [problem] = document.errors;
		if (problem) throw problem;
		return contentOf(document);
	});
}
