import { memoize } from "es-toolkit";
import { coerce, type SemVer } from "semver";
import { oncePerObject } from "../../../common/parsing/once-per-object.ts";
import { parseImageReference } from "../../../harness/images/reference.ts";
import { textAt } from "../charts/fields.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { versionIn } from "../objects/image-versions.ts";

export const knownComponents = [
	"chart",
	"operator",
	"prometheus",
	"alertmanager",
	"thanos",
	"grafana",
	"kube-state-metrics",
	"node-exporter",
] as const;
export type KnownComponent = (typeof knownComponents)[number];

/** The last part of each component's repository. */
const repositories: Readonly<Record<KnownComponent, RegExp | undefined>> = {
	chart: undefined,
	operator: /^prometheus-operator$/,
	prometheus: /^prometheus$/,
	alertmanager: /^alertmanager$/,
	thanos: /^thanos$/,
	grafana: /^grafana(-enterprise)?$/,
	"kube-state-metrics": /^kube-state-metrics$/,
	"node-exporter": /^(prometheus-)?node-exporter$/,
};

/** Where the operator's objects say which version of a component they want. */
const ownVersions: Partial<
	Record<KnownComponent, [kind: string, path: string][]>
> = {
	prometheus: [
		["Prometheus", "spec.image"],
		["Prometheus", "spec.version"],
	],
	alertmanager: [
		["Alertmanager", "spec.image"],
		["Alertmanager", "spec.version"],
	],
	thanos: [
		["Prometheus", "spec.thanos.image"],
		["Prometheus", "spec.thanos.version"],
	],
};

/** The version of a component that a side runs; undefined if it does not say. */
export function versionOf(
	side: Side,
	component: KnownComponent,
): SemVer | undefined {
	return versionsOf(side)(component);
}

const versionsOf = oncePerObject((side: Side) =>
	memoize((component: KnownComponent) => findVersion(side, component)),
);

function findVersion(
	side: Side,
	component: KnownComponent,
): SemVer | undefined {
	if (component === "chart")
		return coerce(side.stack?.version ?? side.version) ?? undefined;
	const own = (ownVersions[component] ?? []).flatMap(([kind, path]) =>
		objectsOf(side, kind).map((object) => textAt(object, path)),
	);
	const rendered = side.images.filter((image) =>
		repositories[component]?.test(
			parseImageReference(image).path.split("/").at(-1) ?? "",
		),
	);
	return [...own, ...rendered]
		.filter(Boolean)
		.flatMap(
			(text) =>
				versionIn(/[/:]/.test(text) ? parseImageReference(text).tag : text) ??
				[],
		)[0];
}
