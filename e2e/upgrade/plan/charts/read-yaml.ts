import { memoize } from "es-toolkit";
import { parseYamlDocuments } from "../../../common/parsing/yaml-documents.ts";

/**
 * A text as Prometheus, Alertmanager and Grafana read it, which know merge keys. Undefined if the text is not YAML, or several documents: the parser's message would quote the text, which may hold
 * secrets.
 */
export const readYaml = memoize((text: string): unknown => {
	try {
		const [content = null, ...others] = parseYamlDocuments(text, {
			uniqueKeys: false,
			merge: true,
		});
		return others.length > 0 ? undefined : content;
	} catch {
		return undefined;
	}
});
