import { parse } from "yaml";

/** A text as Prometheus, Alertmanager and Grafana read it, which know merge keys. Undefined if the text is not YAML: the parser's message would quote the text, which may hold secrets. */
export function readYaml(text: string): unknown {
	try {
		return parse(text, {
			uniqueKeys: false,
			logLevel: "silent",
			merge: true,
		});
	} catch {
		return undefined;
	}
}
