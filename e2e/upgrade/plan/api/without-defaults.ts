import { isEqual, isPlainObject, memoize } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { type Crd, type Schema, schemaFor } from "../charts/crd-schema.ts";
import { builtInSchema } from "./built-in-schemas.ts";
import { describedDefault } from "./described-defaults.ts";
import { plainDuration } from "./plain-amounts.ts";

/** The schema of an object's kind, of a CRD or built in; undefined if neither declares it. */
export function schemaOf(
	{ apiVersion, kind }: Pick<Manifest, "apiVersion" | "kind">,
	crds: readonly Crd[],
): Schema | undefined {
	return schemaFor(crds, apiVersion, kind) ?? builtInSchema(apiVersion, kind);
}

/** An object without fields that only spell out what the API server or the operator takes anyway. */
export function withoutDefaults(
	object: Manifest,
	crds: readonly Crd[],
): Manifest {
	const schema = schemaOf(object, crds);
	// In a NetworkPolicy what is empty means everything; see computed-defaults.ts.
	if (!schema || object.kind === "NetworkPolicy") return object;
	const { apiVersion, kind, metadata, ...content } = object;
	const settled = settle(content, schema, kind);
	return { apiVersion, kind, metadata, ...asFields(settled) };
}

/** Fields that are true where they are absent, which no schema says. */
const trueIfAbsent = new Set([
	"automountServiceAccountToken",
	"allowPrivilegeEscalation",
	"walCompression",
	"honorTimestamps",
	"enableHttp2",
	"followRedirects",
	"filterRunning",
]);
/** Prometheus' own defaults, which the operator's schema only describes in words. */
const spokenDefaults: Readonly<Record<string, unknown>> = {
	"ServiceMonitor scheme": "http",
	"ServiceMonitor path": "/metrics",
	"PodMonitor scheme": "http",
	"PodMonitor path": "/metrics",
	"Alertmanager pathPrefix": "/",
	"Prometheus pathPrefix": "/",
	"Prometheus outOfOrderTimeWindow": "0s",
	"Prometheus filterExternalLabels": true,
	"PrometheusAgent filterExternalLabels": true,
	"Alertmanager http2": true,
	"ScrapeConfig enableCompression": true,
	"ScrapeConfig enableHTTP2": true,
};
/** What the API server takes for numbers that may be percentages, and for lists, of which its schema says nothing. */
const silentDefaults: Readonly<Record<string, unknown>> = {
	schedulerName: "default-scheduler",
	defaultMode: 0o644,
	initialDelaySeconds: 0,
	"Service timeoutSeconds": 10_800,
	"Deployment maxSurge": "25%",
	"Deployment maxUnavailable": "25%",
	"DaemonSet maxSurge": 0,
	"DaemonSet maxUnavailable": 1,
	"StatefulSet maxUnavailable": 1,
	"Service ipFamilies": ["IPv4"],
	"ValidatingWebhookConfiguration namespaceSelector": {},
	"ValidatingWebhookConfiguration objectSelector": {},
	"MutatingWebhookConfiguration namespaceSelector": {},
	"MutatingWebhookConfiguration objectSelector": {},
};
/**
 * Fields whose empty value is not the same as none: an empty selector selects everything, an empty replacement removes a
 * label, the operator makes a volume claim of an empty storage, and sends no metadata by empty settings for them.
 */
const meaningfulIfEmpty =
	/(?<!^node)Selector$|^selector$|^emptyDir$|^metadataConfig$|^storage$|^volumeClaimTemplate$|^storageClassName$|ExternalLabelName$|^separator$|^replacement$/;

function settle(value: unknown, schema: Schema, kind: string): unknown {
	if (Array.isArray(value))
		return schema.items
			? value.map((each) => settle(each, schema.items ?? {}, kind))
			: value;
	const { properties } = schema;
	if (!isPlainObject(value) || !properties) return value;
	return Object.fromEntries(
		Object.entries(value).flatMap(([name, each]) => {
			const declared = properties[name] ?? {};
			const settled = settle(each, declared, kind);
			return isDefault(name, settled, each, declared, kind)
				? []
				: [[name, settled]];
		}),
	);
}

function isDefault(
	name: string,
	settled: unknown,
	written: unknown,
	declared: Schema,
	kind: string,
): boolean {
	if (settled === null || settled === undefined) return true;
	const usual =
		declared.default ??
		spokenDefaults[`${kind} ${name}`] ??
		silentDefaults[`${kind} ${name}`] ??
		silentDefaults[name] ??
		(trueIfAbsent.has(name) ? true : undefined) ??
		described(declared);
	if (usual !== undefined) return isSame(settled, written, usual);
	if (meaningfulIfEmpty.test(name)) return false;
	// A map or a list that was not written empty is empty because it only held defaults.
	return [false, "", [], {}].some((empty) => isEqual(empty, settled));
}

/** Of built-in kinds the description was read before, see built-in-schemas.ts. */
const described = memoize(({ description = "", type }: Schema) =>
	describedDefault(description.replaceAll(/\s+/g, " "), type),
);

function isSame(settled: unknown, written: unknown, usual: unknown): boolean {
	if (typeof written === "string" && typeof usual === "string")
		return plainDuration(written) === plainDuration(usual);
	return isEqual(written, usual) || isEqual(settled, usual);
}

function asFields(value: unknown): Record<string, unknown> {
	return isPlainObject(value) ? value : {};
}
