import { isNamespaced } from "../../../clients/api-server/built-in-kinds.ts";

/**
 * A rendering in which each object names its namespace: without one, whatever installs a chart puts it into the
 * release's. A chart that writes it out changes nothing.
 */
export function withNamespaces(text: string, namespace: string): string {
	return text
		.split(/^(?=---$)/m)
		.map((each) => withNamespace(each, namespace))
		.join("");
}

/** Custom resources that are followed, and whose CRDs are not in the chart. */
const inNamespaces =
	/^(monitoring\.coreos\.com|traefik\.io|grafana\.integreatly\.org|gateway\.networking\.k8s\.io)\/\w+\/(?!GatewayClass$)/;

function withNamespace(document: string, namespace: string): string {
	const [, apiVersion = ""] =
		/^apiVersion: ["']?([\w./-]+)/m.exec(document) ?? [];
	const [, kind = ""] = /^kind: ["']?(\w+)/m.exec(document) ?? [];
	const isWithin =
		inNamespaces.test(`${apiVersion}/${kind}`) ||
		isNamespaced(apiVersion, kind) === true;
	if (!isWithin) return document;
	return document.replace(
		/^metadata:[ \t]*\n((?:[ \t]*#.*\n)*)([ \t]+)(?=\S)(?:.*\n?)(?:\2.*\n?|[ \t]*(?:#.*)?\n)*/m,
		(metadata: string, _: string, indent: string) =>
			new RegExp(`^${indent}["']?namespace["']?:`, "m").test(metadata)
				? metadata
				: metadata.replace("\n", `\n${indent}namespace: ${namespace}\n`),
	);
}
