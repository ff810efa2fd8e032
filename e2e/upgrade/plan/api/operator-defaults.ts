import { cloneDeepWith, isEqual, isPlainObject, omitBy } from "es-toolkit";
import { unset } from "es-toolkit/compat";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { asObject, at } from "../charts/fields.ts";
import {
	isOfVersion2,
	isUsualValue,
	usualProtocols,
	withoutUsualItems,
} from "./operator-items.ts";

/** An object of the operator's without what the operator or Prometheus takes anyway, and no schema says. */
export function withoutOperatorDefaults(object: Manifest): Manifest {
	if (!object.apiVersion.startsWith("monitoring.coreos.com/")) return object;
	const copy: Manifest = cloneDeepWith(object, (value: unknown, key) =>
		typeof key === "string" && /relabel(ing|config)s$/i.test(key)
			? withPlainRelabelings(value)
			: undefined,
	);
	for (const [path, usual] of Object.entries(defaultsOf(object)))
		if (isUsualValue(at(copy, path), usual)) unset(copy, path);
	if (looksIntoOwnNamespace(copy)) unset(copy, "spec.namespaceSelector");
	for (const path of emptyIfUsual)
		if (isEqual(at(copy, path), {})) unset(copy, path);
	return { ...copy, spec: withoutUsualFields(withoutUsualItems(copy)) };
}

/** Parts that mean nothing without their fields, the inner ones first. */
const emptyIfUsual = [
	"spec.query",
	"spec.thanos.logging",
	"spec.rules.alert",
	"spec.rules",
	"spec.exemplars",
	"spec.otlp",
	"spec.web.httpConfig",
	"spec.web",
];

/** Whether a monitor says what it does anyway. */
function looksIntoOwnNamespace({ kind, metadata, spec }: Manifest): boolean {
	const selector = at(spec, "namespaceSelector");
	if (!/^(Service|Pod)Monitor$/.test(kind) || !isPlainObject(selector))
		return false;
	const { any = false, matchNames = [] } = asObject(selector);
	const { namespace } = metadata;
	return (
		any === false &&
		(isEqual(matchNames, []) ||
			(namespace !== undefined && isEqual(matchNames, [namespace])))
	);
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
	"spec.minReadySeconds": 0,
	"spec.hostUsers": true,
	"spec.enableServiceLinks": true,
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
		"spec.thanos.getConfigInterval": "30s",
		"spec.thanos.getConfigTimeout": "30s",
		"spec.thanos.readyTimeout": "10m",
		"spec.rules.alert.forGracePeriod": "10m",
		"spec.rules.alert.forOutageTolerance": "1h",
		"spec.rules.alert.resendDelay": "1m",
		"spec.exemplars.maxSize": 100_000,
		"spec.web.maxConnections": 512,
		"spec.ruleQueryOffset": "0s",
		"spec.otlp.translationStrategy": "UnderscoreEscapingWithSuffixes",
	},
	Alertmanager: {
		...ofAll,
		"spec.retention": "120h",
		"spec.terminationGracePeriodSeconds": 120,
		"spec.clusterPeerTimeout": "15s",
		"spec.clusterGossipInterval": "200ms",
		"spec.clusterPushpullInterval": "1m",
		"spec.dispatchStartDelay": "0s",
		"spec.web.getConcurrency": 0,
		"spec.web.timeout": 0,
		"spec.web.httpConfig.http2": true,
	},
	ThanosRuler: {
		...ofAll,
		"spec.retention": "24h",
		"spec.evaluationInterval": "15s",
		"spec.resendDelay": "1m",
		"spec.ruleQueryOffset": "0s",
		"spec.ruleConcurrentEval": 1,
		"spec.ruleOutageTolerance": "1h",
		"spec.ruleGracePeriod": "10m",
	},
	ServiceMonitor: { "spec.selectorMechanism": "RelabelConfig" },
	PodMonitor: { "spec.selectorMechanism": "RelabelConfig" },
	Probe: { "spec.prober.path": "/probe" },
	ScrapeConfig: { "spec.metricsPath": "/metrics" },
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
		...(!isOfVersion2(object) && {
			"spec.nameValidationScheme": "UTF8",
			"spec.nameEscapingScheme": "AllowUTF8",
		}),
		// Otherwise the size alone decides.
		...(!at(object, "spec.retentionSize") && { "spec.retention": "24h" }),
	};
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
				/(Limit|[kK]eepDroppedTargets)$/.test(name) &&
				["0", "0B", "0s"].includes(String(each));
			return isNone ? [] : [[name, withoutUsualFields(each)]];
		}),
	);
}
