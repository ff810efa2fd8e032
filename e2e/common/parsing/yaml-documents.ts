import { CORE_SCHEMA, loadAll } from "js-yaml";
import { parseAllDocuments } from "yaml";

/**
 * The contents of all documents in a YAML text, as the library `yaml` reads them, and in a fifth of its time: a chart's
 * CRDs and renderings have megabytes.
 *
 * @param uniqueKeys whether a key that occurs twice is an error; if not, the last one counts
 * @param merge whether `<<` takes over the keys of another mapping
 * @throws the first error of `yaml` if the text is not YAML, or has aliases that would fill the memory
 */
export function parseYamlDocuments(
	text: string,
	{ uniqueKeys = true, merge = false }: YamlOptions = {},
): unknown[] {
	const quickly =
		merge && text.includes("<<") ? undefined : parseQuickly(text, uniqueKeys);
	return quickly ?? parseByYaml(text, { uniqueKeys, merge });
}

interface YamlOptions {
	readonly uniqueKeys?: boolean;
	readonly merge?: boolean;
}

/** What the two libraries read differently: directives, tags of YAML's own, and numbers beyond all limits. */
const readDifferently = /^%|!!|(?<![\w.])\d[\d.]*e\+?\d{3,}(?!\w)/im;

/** Undefined for what js-yaml cannot read, or reads in another way. */
function parseQuickly(
	text: string,
	uniqueKeys: boolean,
): unknown[] | undefined {
	if (readDifferently.test(text)) return undefined;
	try {
		return loadAll(text, {
			schema: CORE_SCHEMA,
			json: !uniqueKeys,
			maxAliases: 0,
		});
	} catch {
		return undefined;
	}
}

function parseByYaml(text: string, options: YamlOptions): unknown[] {
	// Its warnings would quote the text, which may hold secrets.
	const quiet = { ...options, logLevel: "error" } as const;
	return parseAllDocuments(text, quiet).map((document) => {
		const [problem] = document.errors;
		if (problem) throw problem;
		const content: unknown = document.toJS();
		return content;
	});
}
