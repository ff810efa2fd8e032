import { cloneDeepWith, isEqual, isPlainObject, omitBy } from "es-toolkit";
import { unset } from "es-toolkit/compat";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { asObject, at, textAt } from "../charts/fields.ts";
import { plainDuration } from "./plain-amounts.ts";

/** An object of the operator's without what the operator or Prometheus takes anyway, and no schema says. */
export function withoutOperatorDefaults(object: Manifest): Manifest {
	if (!object.apiVersion.startsWith("monitoring.coreos.com/")) return object;
	const copy: Manifest = cloneDeepWith(object, (value: unknown, key) =>
		typeof key === "string" && /relabel(ing|config)s$/i.test(key)
			? withPlainRelabelings(value)
			: undefined,
	);
	for (const [path, usual] of Object.entries(defaultsOf(object)))
		if (isSame(at(copy, path), usual)) unset(copy, path);
	const emptied = ["spec.query", "spec.thanos.logging"].filter((path) =>
		isEqual(at(copy, path), {}),
	);
	for (const path of emptied) unset(copy, path);
	return { ...copy, spec: withoutUsualFields(copy.spec ?? {}) };
}

function isSame(written: unknown, usual: unknown): boolean {
	return typeof written === "string" && typeof usual === "string"
		? plainDuration(written) === plainDuration(usual)
		: isEqual(written, usual);
}

const ofAll = {
	"spec.replicas": 1,
	"spec.logLevel": "info",
	"spec.logFormat": "logfmt",
	"spec.portName": "web",
	"spec.routePrefix": "/",
	"spec.dnsPolicy": "ClusterFirst",
	"spec.podManagementPolicy": "Parallel",
	"spec.schedulerName": "default-scheduler",
};
/**
 * Constants of the operator (https://github.com/prometheus-operator/prometheus-operator/blob/main/Documentation/api-reference/api.md)
 * and of Prometheus (https://prometheus.io/docs/prometheus/latest/configuration/configuration/).
 */
const byKind: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
	Prometheus: {
		...ofAll,
		"spec.shards": 1,
		"spec.scrapeInterval": "30s",
		"spec.scrapeTimeout": "10s",
		"spec.evaluationInterval": "30s",
		"spec.serviceDiscoveryRole": "Endpoints",
		"spec.reloadStrategy": "HTTP",
		"spec.prometheusExternalLabelName": "prometheus",
		"spec.replicaExternalLabelName": "prometheus_replica",
		"spec.maximumStartupDurationSeconds": 900,
		"spec.terminationGracePeriodSeconds": 600,
		"spec.query.lookbackDelta": "5m",
		"spec.query.maxConcurrency": 20,
		"spec.query.maxSamples": 50_000_000,
		"spec.query.timeout": "2m",
		"spec.thanos.logLevel": "info",
		"spec.thanos.logFormat": "logfmt",
		"spec.thanos.blockSize": "2h",
	},
	Alertmanager: {
		...ofAll,
		"spec.retention": "120h",
		"spec.terminationGracePeriodSeconds": 120,
	},
	ThanosRuler: {
		...ofAll,
		"spec.retention": "24h",
		"spec.evaluationInterval": "15s",
	},
};

function defaultsOf(object: Manifest): Record<string, unknown> {
	const kind = object.kind.replace(/^PrometheusAgent$/, "Prometheus");
	const own = {
		...byKind[kind],
		...(at(object, "spec.hostNetwork") === true && {
			"spec.dnsPolicy": "ClusterFirstWithHostNet",
		}),
	};
	if (kind !== "Prometheus") return own;
	return {
		...own,
		"spec.scrapeProtocols": usualProtocols(object),
		// Otherwise the size alone decides.
		...(!at(object, "spec.retentionSize") && { "spec.retention": "24h" }),
	};
}

function usualProtocols(object: Manifest): string[] {
	const written =
		textAt(object, "spec.version") || textAt(object, "spec.image");
	const isOld = /(^|:)v?2\./.test(written);
	return [
		"OpenMetricsText1.0.0",
		"OpenMetricsText0.0.1",
		...(isOld ? [] : ["PrometheusText1.0.0"]),
		"PrometheusText0.0.4",
	];
}

/** Relabelings as Prometheus completes them; it knows actions in any case. */
export function withPlainRelabelings(value: unknown): unknown {
	return Array.isArray(value)
		? value.map((each: unknown) => {
				const { action, ...rule } = asObject(each);
				const plain =
					typeof action === "string" ? action.toLowerCase() : undefined;
				return {
					...omitBy(
						rule,
						(written, name) => written === usualRelabeling.get(name),
					),
					...(plain !== undefined &&
						!["", "replace"].includes(plain) && { action: plain }),
				};
			})
		: value;
}

const usualRelabeling: ReadonlyMap<PropertyKey, string> = new Map([
	["separator", ";"],
	["regex", "(.*)"],
	["replacement", "$1"],
]);

/** A limit of 0 is none, and a scheme is http unless it says otherwise, in any case. */
function withoutUsualFields(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withoutUsualFields);
	if (!isPlainObject(value)) return value;
	return Object.fromEntries(
		Object.entries(value).flatMap(([name, each]): [string, unknown][] => {
			if (name === "scheme" && typeof each === "string") {
				const scheme = each.toLowerCase();
				return scheme === "http" ? [] : [[name, scheme]];
			}
			const isNone =
				/Limit$|^keepDroppedTargets$/.test(name) &&
				["0", "0B"].includes(String(each));
			return isNone ? [] : [[name, withoutUsualFields(each)]];
		}),
	);
}
