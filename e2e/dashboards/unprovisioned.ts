import { parse } from "yaml";
import { z } from "zod";
import { kubeObject, secretObject } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { textsOf } from "../clients/secret.ts";

const configMap = kubeObject.extend({
	data: z.record(z.string(), z.string()).default({}),
});
const file = z.looseObject({
	datasources: z.array(z.looseObject({ name: z.string() })),
});

/** All files in the cluster's ConfigMaps and Secrets, of which any may be mounted or brought into Grafana's pod. */
export async function readProvisioning(
	kube: KubeClient,
): Promise<Readonly<Record<string, string>>[]> {
	const [configMaps, secrets] = await Promise.all([
		kube.list({ apiVersion: "v1", kind: "ConfigMap" }, configMap),
		kube.list({ apiVersion: "v1", kind: "Secret" }, secretObject),
	]);
	return [...configMaps.map(({ data }) => data), ...secrets.map(textsOf)];
}

/**
 * A sentence for each datasource that no file provisions any more. Grafana keeps it in its database, until the volume with
 * that is lost.
 *
 * @param files by their names
 */
export function findUnprovisioned(
	datasources: readonly { readonly name: string }[],
	files: readonly Readonly<Record<string, string>>[],
): string[] {
	const provisioned = new Set(
		files
			.flatMap(Object.entries)
			.filter(
				([name, text]) =>
					/\.ya?ml$/.test(name) && text.includes("datasources:"),
			)
			.flatMap(([, text]) => namesIn(text)),
	);
	// What Grafana puts in for a variable is not known here.
	if ([...provisioned].some((name) => name.includes("$"))) return [];
	return datasources
		.filter(({ name }) => !provisioned.has(name))
		.map(
			({ name }) =>
				`datasource ${name} is in Grafana's database alone: no ConfigMap or Secret provisions it, and it is gone with the volume`,
		);
}

function namesIn(text: string): string[] {
	try {
		const read = file.safeParse(parse(text));
		return read.success ? read.data.datasources.map(({ name }) => name) : [];
	} catch {
		// Another program's file, which only looks like one of Grafana's.
		return [];
	}
}
