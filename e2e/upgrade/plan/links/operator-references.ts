import { uniq } from "es-toolkit";
import { nameOf } from "../../../clients/kube-objects.ts";
import { isMap } from "../../../common/parsing/yaml-map.ts";
import { isKeySelector } from "../../../harness/set-up/secrets/references.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { at } from "../charts/fields.ts";
import { monitorKinds } from "../charts/operator-kinds.ts";
import { allObjectsOf, type Side } from "../charts/side.ts";
import { isSelected } from "../monitoring/selectors.ts";
import { hasReferenced, type Reference } from "./references.ts";

/** What the operator reads Secrets for, in which fields of the spec, and what it does without one. */
const readers: readonly {
	readonly kinds: readonly string[];
	/** All of them, if none is named. */
	readonly fields?: readonly string[];
	readonly effect: string;
}[] = [
	{
		kinds: monitorKinds,
		effect: "the operator leaves it out, so that its targets are not scraped",
	},
	{
		kinds: ["AlertmanagerConfig"],
		effect:
			"the operator leaves all of it out, so that its alerts go elsewhere or nowhere",
	},
	{
		kinds: ["Prometheus", "PrometheusAgent", "ThanosRuler"],
		fields: ["remoteWrite", "remoteRead", "alerting", "apiserverConfig"],
		effect:
			"the operator makes no new configuration for it any more, whatever changes",
	},
	{
		kinds: ["Alertmanager"],
		fields: ["alertmanagerConfiguration"],
		effect:
			"the operator makes no new configuration for it any more, whatever changes",
	},
];

/** Secrets and ConfigMaps that the chart no longer has, although something that the operator reads still names them. */
export function compareOperatorReferences(a: Side, b: Side): Reason[] {
	return readers.flatMap(({ kinds, fields, effect }) =>
		allObjectsOf(b, ...kinds)
			.filter(
				(each) => !monitorKinds.includes(each.kind) || isSelected(b, each),
			)
			.flatMap((object) => {
				const { namespace } = object.metadata;
				const read = fields
					? fields.map((field) => at(object, `spec.${field}`))
					: [object.spec];
				const lost = read
					.flatMap((each) => referencesIn(each))
					.filter(
						(each) =>
							hasReferenced(a, namespace, each) &&
							!hasReferenced(b, namespace, each),
					);
				const byObject = Map.groupBy(
					lost,
					(each) => `${each.kind} ${each.name}`,
				);
				return [...byObject].map(([from, entries]) => {
					const keys = uniq(entries.map(({ key }) => key)).join(" and ");
					return makeReason(
						"reference-gone",
						`${nameOf(object)} ${from}`,
						`${nameOf(object)} still refers to ${keys} of ${from}, which is not there any more: ${effect}.`,
						{
							wayOut:
								"Give it back under its old name, or name in the object what has it now.",
						},
					);
				});
			}),
	);
}

/** Selectors of an entry, as `basicAuth.password: { name, key }`, wherever they are. */
function referencesIn(value: unknown, field = ""): Reference[] {
	if (Array.isArray(value))
		return value.flatMap((each: unknown) => referencesIn(each));
	if (!isMap(value)) return [];
	if (!isKeySelector(value))
		return Object.entries(value).flatMap(([own, each]) =>
			referencesIn(each, own),
		);
	const { name, key, optional } = value;
	return optional === true || name === ""
		? []
		: [{ kind: field === "configMap" ? "ConfigMap" : "Secret", name, key }];
}
