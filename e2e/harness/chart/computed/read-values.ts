import { parse } from "yaml";

/** The values in a file, as Helm reads YAML: `yes` is true, and of a key that is there twice the last one counts. */
export function readValues(content: string): unknown {
	return parse(content, { version: "1.1", uniqueKeys: false });
}
