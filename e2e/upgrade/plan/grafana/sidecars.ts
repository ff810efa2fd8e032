import { z } from "zod";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { at } from "../charts/fields.ts";
import { pair } from "../charts/pairs.ts";
import { objectsOf, type Side } from "../charts/side.ts";

const container = z.looseObject({
	name: z.string().default(""),
	env: z.array(
		z.looseObject({
			name: z.string(),
			value: z
				.unknown()
				.transform((value) => String(value ?? ""))
				.optional(),
		}),
	),
});

/** A container that loads what ConfigMaps and Secrets with a label hold, such as dashboards. */
interface Sidecar {
	/** e.g. `dashboards`, from the folder that it writes to. */
	readonly loads: string;
	readonly label: string;
	/** Empty if any value will do. */
	readonly value: string;
	/** Undefined for all namespaces. */
	readonly namespaces: readonly string[] | undefined;
	readonly kinds: readonly string[];
}

/** Grafana's sidecars that find less than before: they may miss what comes from outside the chart. */
export function compareSidecars(a: Side, b: Side): Reason[] {
	return pair(a, b, "Deployment", "StatefulSet").both.flatMap(([old, now]) => {
		const after = new Map(sidecarsOf(now).map((each) => [each.loads, each]));
		return sidecarsOf(old).flatMap((from) => {
			const to = after.get(from.loads);
			return to && !findsLess(from, to)
				? []
				: [
						makeReason(
							"selector-narrowed",
							`${nameOf(now)} ${from.loads}`,
							`For its ${from.loads}, ${nameOf(now)} looked for ${describe(from)} and now looks for ${to ? describe(to) : "nothing"}.`,
							{
								wayOut: `Set label, labelValue and searchNamespace of grafana.sidecar.${from.loads} to what your own ConfigMaps have, or change those.`,
							},
						),
					];
		});
	});
}

/** Whether a sidecar for dashboards finds a ConfigMap; if no sidecar is rendered, the usual label counts. */
export function isFoundBySidecar(side: Side, object: Manifest): boolean {
	const { labels = {} } = object.metadata;
	const sidecars = objectsOf(side, "Deployment", "StatefulSet")
		.flatMap(sidecarsOf)
		.filter(({ loads }) => loads === "dashboards");
	return sidecars.length === 0
		? "grafana_dashboard" in labels
		: sidecars.some((each) => finds(each, object));
}

/** Whether Grafana is given a file of provisioning: as a volume, or by a sidecar; if no sidecar is rendered, it may be. */
export function isGivenToGrafana(side: Side, object: Manifest): boolean {
	const workloads = objectsOf(side, "Deployment", "StatefulSet");
	const sidecars = workloads
		.flatMap(sidecarsOf)
		.filter(({ loads }) => loads !== "dashboards");
	return (
		sidecars.length === 0 ||
		sidecars.some((each) => finds(each, object)) ||
		workloads.some((each) => mounts(each, object))
	);
}

function finds(
	{ label, value, namespaces, kinds }: Sidecar,
	{ kind, metadata: { labels = {}, namespace = "" } }: Manifest,
): boolean {
	return (
		label in labels &&
		(value === "" || labels[label] === value) &&
		kinds.includes(kind.toLowerCase()) &&
		(namespaces?.includes(namespace) ?? true)
	);
}

function mounts(workload: Manifest, { kind, metadata }: Manifest): boolean {
	const field = kind === "Secret" ? "secret" : "configMap";
	return listAt(workload, "spec", "template", "spec", "volumes")
		.flatMap((each) => [each, ...listAt(each, "projected", "sources")])
		.some((each) =>
			[at(each, `${field}.name`), at(each, `${field}.secretName`)].includes(
				metadata.name,
			),
		);
}

function sidecarsOf(workload: Manifest): Sidecar[] {
	const own = workload.metadata.namespace ?? "";
	return ["containers", "initContainers"]
		.flatMap((field) =>
			listAt(workload, "spec", "template", "spec", field).flatMap((each) => {
				const { success, data } = container.safeParse(each);
				return success ? [data] : [];
			}),
		)
		.flatMap(({ name, env }): Sidecar[] => {
			const texts = new Map(env.map((each) => [each.name, each.value ?? ""]));
			const label = texts.get("LABEL");
			if (!label) return [];
			const folder = texts.get("FOLDER")?.split("/").findLast(Boolean);
			const namespaces = texts.get("NAMESPACE")?.trim() ?? "";
			const kind = texts.get("RESOURCE") || "configmap";
			return [
				{
					loads: /dashboard/.test(name)
						? "dashboards"
						: (folder ?? "dashboards"),
					label,
					value: texts.get("LABEL_VALUE") ?? "",
					namespaces:
						namespaces === "ALL"
							? undefined
							: (namespaces || own).split(",").map((each) => each.trim()),
					kinds: kind === "both" ? ["configmap", "secret"] : [kind],
				},
			];
		});
}

function findsLess(from: Sidecar, to: Sidecar): boolean {
	return (
		from.label !== to.label ||
		(to.value !== "" && from.value !== to.value) ||
		(to.namespaces !== undefined &&
			(from.namespaces?.some((each) => !to.namespaces?.includes(each)) ??
				true)) ||
		from.kinds.some((each) => !to.kinds.includes(each))
	);
}

function describe({ label, value, namespaces, kinds }: Sidecar): string {
	const what = kinds
		.map((each) => (each === "secret" ? "Secrets" : "ConfigMaps"))
		.join(" and ");
	const where = namespaces
		? `in ${namespaces.join(", ")}`
		: "in all namespaces";
	return `${what} with the label ${value === "" ? label : `${label}=${value}`} ${where}`;
}
