import { z } from "zod";
import { dataOf } from "../charts/data.ts";
import { at } from "../charts/fields.ts";
import { readYaml } from "../charts/read-yaml.ts";
import { objectsOf, type Side } from "../charts/side.ts";

const datasource = z.looseObject({
	name: z.string(),
	type: z.string().default(""),
	uid: z.string().optional(),
	url: z.string().optional(),
	isDefault: z.boolean().default(false),
});
export type ProvisionedDatasource = z.infer<typeof datasource>;

const contactPoint = z.looseObject({ name: z.string() });
export type ContactPoint = z.infer<typeof contactPoint>;

const alertRule = z.looseObject({ title: z.string() });
export type GrafanaAlert = z.infer<typeof alertRule>;

/** What Grafana is provisioned with, wherever the chart puts it. */
export interface Provisioned {
	readonly datasources: readonly ProvisionedDatasource[];
	readonly contactPoints: readonly ContactPoint[];
	readonly alerts: readonly GrafanaAlert[];
	/** Notification policies, each as it is written. */
	readonly policies: readonly unknown[];
}

/** Reads Grafana's provisioning files in the ConfigMaps and Secrets of a side. */
export function provisionedIn(side: Side): Provisioned {
	const files = objectsOf(side, "ConfigMap", "Secret").flatMap((object) =>
		[...dataOf(object)]
			.filter(
				([key, text]) =>
					/\.ya?ml$/.test(key) &&
					/(^|[{,])\s*"?(datasources|contactPoints|policies|groups)"?\s*:/m.test(
						text,
					),
			)
			.map(([, text]) => readYaml(text)),
	);
	const listsAt = (key: string) =>
		files.flatMap((file) => {
			const found = at(file, key);
			return Array.isArray(found) ? found : [];
		});
	const read = <T>(schema: z.ZodType<T>, list: readonly unknown[]) =>
		list.flatMap((each) => {
			const { success, data } = schema.safeParse(each);
			return success ? [data] : [];
		});
	return {
		datasources: read(datasource, listsAt("datasources")),
		contactPoints: read(contactPoint, listsAt("contactPoints")),
		alerts: read(
			alertRule,
			listsAt("groups").flatMap((group) => {
				const rules = at(group, "rules");
				return Array.isArray(rules) ? rules : [];
			}),
		),
		policies: listsAt("policies"),
	};
}
