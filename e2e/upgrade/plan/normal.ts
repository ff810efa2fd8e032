import { cloneDeepWith, isPlainObject } from "es-toolkit";
import { get } from "es-toolkit/compat";
import { z } from "zod";
import type { Manifest } from "../../clients/kube-objects.ts";

/** What each version of a chart writes differently without meaning anything by it. */
const versionLabels = [
	"chart",
	"helm.sh/chart",
	"app.kubernetes.io/version",
	"heritage",
	"app.kubernetes.io/managed-by",
];

/** An object without labels of the chart's version and without checksums. */
export function withoutVersions(object: Manifest): Manifest {
	return cloneDeepWith(object, (value: unknown, key) => {
		if ((key !== "labels" && key !== "annotations") || !isPlainObject(value))
			return undefined;
		return Object.fromEntries(
			Object.entries(value).filter(
				([name]) => !versionLabels.includes(name) && !/^checksum\//.test(name),
			),
		);
	});
}

/** A field of an object by its path, e.g. `spec.template.spec.containers`; keys with dots need a list of keys. */
export function at(
	object: unknown,
	path: string | readonly (string | number)[],
): unknown {
	return get(object, typeof path === "string" ? path : [...path]);
}

/** A field of an object by its path, as text; empty where it is none. */
export function textAt(object: unknown, path: string | string[]): string {
	const value: unknown = get(object, path);
	return typeof value === "string" ? value : "";
}

/** An object's fields; none where the value is no object. */
export function asObject(value: unknown): Record<string, unknown> {
	return typeof value === "object" && value !== null ? { ...value } : {};
}

const relabelling = z.looseObject({
	action: z.string().default("replace"),
	regex: z.string().default("(.*)"),
	sourceLabels: z.array(z.string()).default([]),
});
type Relabelling = z.infer<typeof relabelling>;

/** A relabelling that drops metrics by their names, or keeps some alone; undefined where it does something else. */
export function readMetricDrop(value: unknown): Relabelling | undefined {
	const { data } = relabelling.safeParse(value);
	return data &&
		data.sourceLabels[0] === "__name__" &&
		(/^drop$/i.test(data.action) ||
			(/^keep$/i.test(data.action) && data.sourceLabels.length === 1))
		? data
		: undefined;
}

export function isMetricDrop(value: unknown): boolean {
	return readMetricDrop(value) !== undefined;
}

const keepPolicy = "helm.sh/resource-policy";

/** Whether Helm leaves the object alone when the chart no longer has it. */
export function isKept({ metadata }: Manifest): boolean {
	return metadata.annotations?.[keepPolicy] === "keep";
}

const claimPaths = [
	"spec.volumeClaimTemplates.0",
	"spec.storage.volumeClaimTemplate.spec",
];

/** Whether an object makes volume claims of its own. */
export function hasClaim(object: Manifest): boolean {
	return claimPaths.some((path) => at(object, path) !== undefined);
}

const withData = z.looseObject({
	data: z.record(z.string(), z.string().nullish()).nullish(),
	stringData: z.record(z.string(), z.string().nullish()).nullish(),
});

/** The entries of a ConfigMap or a Secret, decoded. */
export function dataOf(object: Manifest): Map<string, string> {
	const { data, stringData } = withData.parse(object);
	const decode = (text: string) =>
		object.kind === "Secret" ? Buffer.from(text, "base64").toString() : text;
	return new Map([
		...Object.entries(data ?? {}).map(
			([key, text]) => [key, decode(text ?? "")] as const,
		),
		...Object.entries(stringData ?? {}).map(
			([key, text]) => [key, text ?? ""] as const,
		),
	]);
}

/** Whether a ConfigMap holds a dashboard of Grafana's. */
export function isDashboard(object: Manifest): boolean {
	return (
		object.kind === "ConfigMap" &&
		[...dataOf(object)].some(
			([key, text]) => key.endsWith(".json") && /"panels"\s*:/.test(text),
		)
	);
}

/** A short rendering of a value for evidence. */
export function show(value: unknown): string {
	if (value === undefined) return "nothing";
	const text = JSON.stringify(value);
	return text.length > 160 ? `${text.slice(0, 160)}...` : text;
}
