import { omitBy } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { asObject, at } from "../charts/fields.ts";

/**
 * What only becomes part of a configuration, which is reloaded: the pods stay. See
 * https://github.com/prometheus-operator/prometheus-operator/blob/main/pkg/prometheus/promcfg.go.
 */
const reloaded =
	/^(scrape(Interval|Timeout|Protocols|Classes)|evaluationInterval|externalLabels|(prometheus|replica)ExternalLabelName|(serviceMonitor|podMonitor|probe|scrapeConfig|alertmanagerConfig)(Namespace)?Selector|alertmanagerConfigMatcherStrategy|additional(ScrapeConfigs|AlertRelabelConfigs|AlertManagerConfigs)|alerting|enforced\w+|\w+Limit|keepDroppedTargets|overrideHonor\w+|ignoreNamespaceSelectors|excludedFromEnforcement|podTargetLabels|ruleQueryOffset)$/;

/** The part of an object that the operator makes its pods from. */
export function podFieldsOf(object: Manifest): Record<string, unknown> {
	const spec = asObject(object.spec);
	return object.kind === "ThanosRuler"
		? spec
		: omitBy(spec, (_, name) => reloaded.test(String(name)));
}

/**
 * What the operator passes to its pods as it is written: a default that is written out, or the same time in another
 * unit, is another flag, and replaces them.
 *
 * @param object as it is rendered, not settled
 */
export function writtenFlagsOf(object: Manifest): unknown[] {
	const retention = at(object, "spec.retention");
	const ofAll = [at(object, "spec.hostUsers")];
	switch (object.kind) {
		case "Prometheus": {
			const size = at(object, "spec.retentionSize");
			return [
				...ofAll,
				...[
					"rules",
					"web",
					"thanos.getConfigInterval",
					"thanos.getConfigTimeout",
					"thanos.readyTimeout",
				].map((field) => at(object, `spec.${field}`)),
				at(object, "spec.query"),
				at(object, "spec.walCompression"),
				size,
				retention ?? (size ? undefined : "24h"),
			];
		}
		case "Alertmanager":
			return [
				...ofAll,
				...[
					"clusterPeerTimeout",
					"clusterGossipInterval",
					"clusterPushpullInterval",
					"dispatchStartDelay",
					"web",
				].map((field) => at(object, `spec.${field}`)),
				retention ?? "120h",
			];
		case "ThanosRuler":
			return [
				...ofAll,
				...[
					"resendDelay",
					"ruleQueryOffset",
					"ruleConcurrentEval",
					"ruleOutageTolerance",
					"ruleGracePeriod",
				].map((field) => at(object, `spec.${field}`)),
				retention ?? "24h",
				at(object, "spec.evaluationInterval") ?? "15s",
			];
		default:
			return [];
	}
}
