import { parse } from "yaml";

/** Undefined if the text is not YAML: the parser's message would quote the text, which may hold secrets. */
export function readYaml(text: string): unknown {
	try {
		return parse(text, { uniqueKeys: false, logLevel: "silent" });
	} catch {
		return undefined;
	}
}
