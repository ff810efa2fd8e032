import { memoize } from "es-toolkit";
import { parse } from "yaml";

/**
 * The values in a file, as Helm reads YAML: `yes` is true, and of a key that is there twice the last one counts. Each
 * override that depends on them reads the same files, at each rendering.
 */
export const readValues = memoize((content: string): unknown =>
	parse(content, { version: "1.1", uniqueKeys: false }),
);
