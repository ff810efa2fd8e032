import { z } from "zod";
import { nameOf } from "../../../clients/kube-objects.ts";
import { oncePerObject } from "../../../common/parsing/once-per-object.ts";
import { dataOf } from "../charts/data.ts";
import { at } from "../charts/fields.ts";
import { readYaml } from "../charts/read-yaml.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { isGivenToGrafana } from "./sidecars.ts";

/** What Grafana takes for a switch: it fills in variables first, so that it may be a text. */
const onOrOff = z
	.union([
		z.boolean(),
		z.string().transform((text) => /^(1|t|true)$/i.test(text)),
	])
	.default(false);
/** Grafana's first organisation, if none is named; a variable that nobody sees may be that one, too. */
const organisation = z.coerce
	.number()
	.default(1)
	.transform((id) => id || 1)
	.catch(1);
/** Grafana takes every value for a text. */
const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** With the defaults of https://grafana.com/docs/grafana/latest/administration/provisioning/ */
const datasource = z.looseObject({
	name: z.string(),
	type: z.string().default(""),
	uid: z.coerce.string().optional(),
	url: z.string().optional(),
	access: z.string().default("proxy"),
	orgId: organisation,
	isDefault: onOrOff,
	basicAuth: onOrOff,
	withCredentials: onOrOff,
	editable: onOrOff,
});
export type ProvisionedDatasource = z.infer<typeof datasource>;

const named = z.looseObject({ name: z.string() });
export type NamedProvision = z.infer<typeof named>;

const contactPoint = z.looseObject({
	name: z.string(),
	orgId: organisation,
	receivers: z
		.array(
			z.looseObject({
				uid: z.coerce.string().default(""),
				disableResolveMessage: onOrOff,
			}),
		)
		.nullish()
		.transform((list) => list ?? []),
});
export type ContactPoint = z.infer<typeof contactPoint>;

const policy = z.looseObject({ orgId: organisation });

const alertRule = z.looseObject({
	title: text,
	uid: z.coerce.string().default(""),
});
export type GrafanaAlert = z.infer<typeof alertRule>;

const alertGroup = z.looseObject({
	// Without a name, its rules still count.
	name: text.catch(""),
	orgId: organisation,
	rules: z
		.array(z.unknown())
		.nullish()
		.transform((list) => readAll(alertRule, list ?? [])),
});
export type AlertGroup = z.infer<typeof alertGroup>;

/** What Grafana is provisioned with, wherever the chart puts it. */
export interface Provisioned {
	readonly datasources: readonly ProvisionedDatasource[];
	readonly contactPoints: readonly ContactPoint[];
	readonly alerts: readonly GrafanaAlert[];
	/** The same with their groups. */
	readonly alertGroups: readonly AlertGroup[];
	/** Notification policies, each as it is written. */
	readonly policies: readonly unknown[];
	readonly muteTimings: readonly NamedProvision[];
	readonly templates: readonly NamedProvision[];
	/** What Grafana is told to delete from its database, unless it is provisioned as well. */
	readonly deleted: DeletedProvisions;
}

interface DeletedProvisions {
	/** By their names. */
	readonly datasources: readonly string[];
	readonly muteTimings: readonly string[];
	readonly templates: readonly string[];
	/** By their uids. */
	readonly contactPoints: readonly string[];
	readonly alerts: readonly string[];
	/** Whether it goes back to the policy that Grafana comes with. */
	readonly policies: boolean;
}

/** A file of provisioning, as it is read. */
interface ProvisioningFile {
	/** e.g. `datasource.yaml of ConfigMap/monitoring/grafana`. */
	readonly file: string;
	readonly content: unknown;
}

const listsOfProvisioning =
	/(^|[{,])\s*"?(datasources|contactPoints|policies|groups|muteTimes|templates|delete(Datasources|ContactPoints|Rules|MuteTimes|Templates)|resetPolicies)"?\s*:/m;

/** Grafana's provisioning files in the ConfigMaps and Secrets of a side. */
export const provisioningFilesOf = oncePerObject(
	(side: Side): ProvisioningFile[] =>
		objectsOf(side, "ConfigMap", "Secret")
			.filter((each) => isGivenToGrafana(side, each))
			.flatMap((object) =>
				[...dataOf(object)]
					.filter(
						([key, text]) =>
							/\.ya?ml$/.test(key) && listsOfProvisioning.test(text),
					)
					.map(([key, text]) => ({
						file: `${key} of ${nameOf(object)}`,
						content: readYaml(text),
					})),
			),
);

/** Reads Grafana's provisioning files in the ConfigMaps and Secrets of a side. */
export const provisionedIn = oncePerObject((side: Side): Provisioned => {
	const files = provisioningFilesOf(side).map(({ content }) => content);
	const listsAt = (key: string) =>
		files.flatMap((file) => {
			const found = at(file, key);
			return Array.isArray(found) ? found : [];
		});
	const datasources = readAll(datasource, listsAt("datasources"));
	const contactPoints = readAll(contactPoint, listsAt("contactPoints"));
	const alertGroups = readAll(alertGroup, listsAt("groups"));
	const alerts = alertGroups.flatMap(({ rules }) => rules);
	const policies = readAll(policy, listsAt("policies"));
	const muteTimings = readAll(named, listsAt("muteTimes"));
	const templates = readAll(named, listsAt("templates"));
	/** What is deleted first and then provisioned again is only replaced. */
	const without = (
		list: string,
		key: string,
		kept: readonly (string | undefined)[],
	) =>
		listsAt(list)
			.map((each) => String(at(each, key) ?? ""))
			.filter((each) => each !== "" && !kept.includes(each));
	const namesOf = (list: readonly NamedProvision[]) =>
		list.map(({ name }) => name);
	return {
		datasources,
		contactPoints,
		alerts,
		alertGroups,
		policies,
		muteTimings,
		templates,
		deleted: {
			datasources: without("deleteDatasources", "name", namesOf(datasources)),
			muteTimings: without("deleteMuteTimes", "name", namesOf(muteTimings)),
			templates: without("deleteTemplates", "name", namesOf(templates)),
			contactPoints: without(
				"deleteContactPoints",
				"uid",
				contactPoints.flatMap(({ receivers }) =>
					receivers.map(({ uid }) => uid),
				),
			),
			alerts: without(
				"deleteRules",
				"uid",
				alerts.map(({ uid }) => uid),
			),
			policies: listsAt("resetPolicies").length > 0 && policies.length === 0,
		},
	};
});

/** The items of a list that have this form. */
function readAll<T>(schema: z.ZodType<T>, list: readonly unknown[]): T[] {
	return list.flatMap((each) => {
		const { success, data } = schema.safeParse(each);
		return success ? [data] : [];
	});
}
