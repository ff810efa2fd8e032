import type { Manifest } from "../../../clients/kube-objects.ts";
import { oncePerObject } from "../../../common/parsing/once-per-object.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { dataOf, readableEntry } from "../charts/data.ts";
import { asObject, at, textAt, withoutSlash } from "../charts/fields.ts";
import { allObjectsOf, objectsOf, type Side } from "../charts/side.ts";

/** Grafana in a workload. */
export interface GrafanaPod {
	readonly workload: Manifest;
	readonly container: unknown;
}

/** Grafana's own containers, without its sidecars. */
export const grafanaPodsOf = oncePerObject((side: Side): GrafanaPod[] =>
	objectsOf(side, "Deployment", "StatefulSet").flatMap((workload) =>
		listAt(workload, "spec", "template", "spec", "containers")
			.filter((each) =>
				/(^|\/)grafana(-enterprise|-oss)?([:@]|$)/.test(textAt(each, "image")),
			)
			.map((container) => ({ workload, container })),
	),
);

/** Whether a pod has a container beside Grafana that it did not have. */
export function hasFurtherContainer(old: GrafanaPod, now: GrafanaPod): boolean {
	const names = ({ workload }: GrafanaPod) =>
		["containers", "initContainers"].flatMap((field) =>
			listAt(workload, "spec", "template", "spec", field).map((each) =>
				textAt(each, "name"),
			),
		);
	const known = names(old);
	return names(now).some((each) => !known.includes(each));
}

/** Where its containers have something mounted. */
export function mountPathsOf(side: Side): string[] {
	return grafanaPodsOf(side).flatMap(({ container }) =>
		listAt(container, "volumeMounts").map((each) =>
			withoutSlash(textAt(each, "mountPath")),
		),
	);
}

/** Whether a path is a folder or below it. */
export function isBelow(path: string, folder: string): boolean {
	const [one, other] = [path, folder].map(withoutSlash);
	return one === other || `${one}`.startsWith(`${other}/`);
}

/** Whether Grafana's own database is there after its pod is replaced: in a volume, or on a server. */
export function keepsDatabase(
	side: Side,
	settings: ReadonlyMap<string, string>,
): boolean {
	const type = settings.get("GF_DATABASE_TYPE") ?? "";
	const isOnServer =
		/^(mysql|postgres)/.test(type) ||
		(settings.get("GF_DATABASE_URL") ?? "") !== "";
	return (
		isOnServer ||
		grafanaPodsOf(side).some((pod) =>
			listAt(pod.container, "volumeMounts").some(
				(each) =>
					isBelow("/var/lib/grafana", textAt(each, "mountPath")) &&
					isKeptVolume(pod.workload, textAt(each, "name")),
			),
		)
	);
}

/** Whether what is in a volume stays when the pod is replaced. */
export function isKeptVolume(workload: Manifest, volume: string): boolean {
	const found = listAt(workload, "spec", "template", "spec", "volumes").find(
		(each) => textAt(each, "name") === volume,
	);
	// One that no pod names is a claim of a StatefulSet.
	return !["emptyDir", "configMap", "secret", "projected"].some(
		(kind) => kind in asObject(found),
	);
}

/** The variables of Grafana's containers. */
export interface Variables {
	/** By their names; undefined if what they come from is not there, or cannot be read. */
	readonly known: ReadonlyMap<string, string | undefined>;
	/** Whether there are others, from objects that are neither in the chart nor beside it. */
	readonly hasOthers: boolean;
}

export const variablesOf = oncePerObject((side: Side): Variables => {
	const pods = grafanaPodsOf(side);
	const sources = pods.flatMap(({ workload, container }) =>
		listAt(container, "envFrom").map((each) => ({
			prefix: textAt(each, "prefix"),
			object: objectNamed(side, workload, each, "secretRef", "configMapRef"),
		})),
	);
	return {
		known: new Map([
			...sources.flatMap(({ prefix, object }) =>
				object
					? [...dataOf(object).keys()].map(
							(name): [string, string | undefined] => [
								prefix + name,
								readableEntry(object, name),
							],
						)
					: [],
			),
			...pods.flatMap(({ workload, container }) =>
				listAt(container, "env").map((each): [string, string | undefined] => [
					textAt(each, "name"),
					givenValue(side, workload, each),
				]),
			),
		]),
		hasOthers: sources.some(({ object }) => object === undefined),
	};
});

function givenValue(
	side: Side,
	workload: Manifest,
	variable: unknown,
): string | undefined {
	const from = at(variable, "valueFrom");
	if (from === undefined) return String(at(variable, "value") ?? "");
	const object = objectNamed(
		side,
		workload,
		from,
		"secretKeyRef",
		"configMapKeyRef",
	);
	const key =
		textAt(from, "secretKeyRef.key") || textAt(from, "configMapKeyRef.key");
	return object && readableEntry(object, key);
}

/** The Secret or ConfigMap that a source names, of the chart or beside it. */
function objectNamed(
	side: Side,
	{ metadata: { namespace } }: Manifest,
	source: unknown,
	secret: string,
	configMap: string,
): Manifest | undefined {
	const named = (kind: "ConfigMap" | "Secret", name: string) =>
		allObjectsOf(side, kind).find(
			({ metadata }) =>
				name !== "" &&
				metadata.name === name &&
				metadata.namespace === namespace,
		);
	return (
		named("Secret", textAt(source, `${secret}.name`)) ??
		named("ConfigMap", textAt(source, `${configMap}.name`))
	);
}
