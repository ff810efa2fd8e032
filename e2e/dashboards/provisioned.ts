import { isMatch } from "es-toolkit/compat";
import { parse } from "yaml";
import { z } from "zod";
import type { GrafanaClient } from "../clients/grafana.ts";
import { kubeObject } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { budgets } from "../common/budgets.ts";
import { messageOf } from "../common/errors.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { parseAs } from "../common/parsing/parse-as.ts";
import { readSidecar } from "./sidecar.ts";

const configMap = kubeObject.extend({
	data: z.record(z.string(), z.string()).default({}),
});
const file = z.looseObject({
	datasources: z
		.array(
			z.looseObject({
				name: z.string(),
				url: z.string().optional(),
				access: z.string().optional(),
				isDefault: z.boolean().default(false),
				jsonData: z.record(z.string(), z.unknown()).optional(),
			}),
		)
		.nullish()
		.transform((all) => all ?? []),
});

/**
 * Waits until Grafana has loaded the datasources that ConfigMaps of its namespace say. If it refuses their files, it
 * goes on with what is in its database, until that is gone.
 */
export async function waitForProvisioned(
	kube: KubeClient,
	grafana: GrafanaClient,
	namespace: string,
): Promise<void> {
	const sidecar = await readSidecar(kube, namespace, "datasource");
	// Without a sidecar they are in a file of the pod, whose mistakes Grafana says when it reads it again.
	const found = sidecar
		? await kube.list(
				{
					apiVersion: "v1",
					kind: "ConfigMap",
					namespace,
					labelSelector: sidecar.labelSelector,
				},
				configMap,
			)
		: [];
	const wanted = found.flatMap(({ data }) =>
		Object.entries(data)
			.filter(([name]) => /\.ya?ml$/.test(name))
			.flatMap(
				([name, text]) =>
					parseAs(file, parse(text), `Grafana's file ${name} of datasources`)
						.datasources,
			),
	);
	await eventually(
		`Grafana has loaded the ${wanted.length} datasources of ${found.length} ConfigMaps`,
		budgets.dashboardReload,
		async () => {
			try {
				await grafana.reloadDatasources();
			} catch (error) {
				return notYet(`it refuses their files: ${messageOf(error)}`);
			}
			const loaded = await grafana.datasources();
			const others = wanted.filter(
				(each) => !loaded.some((is) => isMatch(is, withoutReferences(each))),
			);
			if (others.length > 0)
				return notYet(
					`it has ${others.map(({ name }) => name).join(", ")} with other settings, or not at all`,
				);
		},
	);
}

/** What Grafana shows as it is written; it fills in variables of its environment, and gives no uid where none is set. */
function withoutReferences({
	name,
	url,
	access,
	isDefault,
	jsonData = {},
}: z.infer<typeof file>["datasources"][number]) {
	const plain = Object.entries(jsonData).filter(
		([, value]) => !JSON.stringify(value).includes("$"),
	);
	return {
		name,
		isDefault,
		jsonData: Object.fromEntries(plain),
		...(url && !url.includes("$") && { url }),
		...(access && { access }),
	};
}
