import { type Manifest, monitoringV1 } from "../clients/kube-objects.ts";
import type { RulePlace } from "./rule-place.ts";

/** An alert that a test makes Prometheus fire. */
export interface PlantedAlert {
	readonly alertname: string;
	readonly severity: "critical" | "warning" | "none";
	/** Only the label: the namespace itself need not exist. */
	readonly namespace: string;
	/** A word that only this alert's annotations and labels contain. */
	readonly mark?: string;
	/** Where it comes from: as with real alerts, two of the same name and namespace differ in it. */
	readonly source?: Readonly<Record<string, string>>;
}

/** The label that distinguishes one run's alerts from all others. */
export const runLabel = "e2e_run";

/** What the names of planted PrometheusRules begin with. */
export const plantedRules = "planted-alerts-";

/** How often the planted rules are evaluated, in seconds. */
const interval = 2;

/**
 * One alert for each case to be shown, all with names or namespaces that no other run uses. No two of a severity share a
 * namespace: Alertmanager's own template only shows what all alerts of a group have in common, and where groups are made
 * by namespace, as by the public chart, that would name neither.
 *
 * @param token letters and digits, new for each run
 */
export function makePlantedAlerts(token: string) {
	const named = (name: string) => `${name}_${token}`;
	const [here, there, beside, elsewhere] = [
		`e2e-here-${token}`,
		`e2e-there-${token}`,
		`e2e-beside-${token}`,
		`e2e-elsewhere-${token}`,
	];
	/** From a pod, container, instance, job and service that no other has, as with real alerts. */
	const place = (index: number, alert: PlantedAlert): PlantedAlert => {
		const mark = `mark-${index}-${token}`;
		const source = {
			pod: `${mark}-pod`,
			container: `app-${index}`,
			instance: `10.42.7.${index}:8080`,
			job: `${mark}-job`,
			service: `${mark}-service`,
		};
		return { ...alert, mark, source };
	};
	return {
		critical: place(1, {
			alertname: named("Burning"),
			severity: "critical",
			namespace: there,
		}),
		warning: place(2, {
			alertname: named("Smoking"),
			severity: "warning",
			namespace: there,
		}),
		suppressor: place(3, {
			alertname: named("Flooded"),
			severity: "critical",
			namespace: here,
		}),
		suppressed: place(4, {
			alertname: named("Flooded"),
			severity: "warning",
			namespace: here,
		}),
		// Names of their own: a message may say neither the namespace nor anything else that tells two warnings apart.
		otherSuppressor: place(5, {
			alertname: named("Overflowing"),
			severity: "critical",
			namespace: beside,
		}),
		otherNamespace: place(6, {
			alertname: named("Overflowing"),
			severity: "warning",
			namespace: elsewhere,
		}),
		otherName: place(7, {
			alertname: named("Leaking"),
			severity: "warning",
			namespace: beside,
		}),
		infoInhibitor: place(8, {
			alertname: "InfoInhibitor",
			severity: "none",
			namespace: here,
		}),
		watchdog: place(9, {
			alertname: "Watchdog",
			severity: "none",
			namespace: here,
		}),
	};
}

/** A warning that is sent after all others and takes the same path: once it arrives, so has everything before it. */
export function makeCanary(token: string): PlantedAlert {
	return {
		alertname: `Canary_${token}`,
		severity: "warning",
		namespace: `e2e-canary-${token}`,
		mark: `mark-canary-${token}`,
	};
}

/** The labels that identify an alert in Prometheus, Alertmanager and Slack. */
export function labelsOf({ alertname, severity, namespace }: PlantedAlert) {
	return { alertname, severity, namespace };
}

/** Annotations of which any template shows one. */
export function annotationsOf({ mark }: PlantedAlert) {
	const text = ["planted by a test", ...(mark ? [mark] : [])].join(", ");
	return { summary: text, description: text, message: text };
}

/** The rules by which alerts are planted: those that suppress others come from another PrometheusRule, as with real alerts. */
export const plantedParts = ["critical", "other"] as const;
export type PlantedPart = (typeof plantedParts)[number];

/** The rule that an alert comes from. */
export function partOf({ severity }: PlantedAlert): PlantedPart {
	return severity === "critical" ? "critical" : "other";
}

/** The name of a part's PrometheusRule, and of its only group. */
export function plantedRuleName(part: PlantedPart, token: string): string {
	return `${plantedRules}${part}-${token}`;
}

/** A PrometheusRule with the alerts of one part in a group, so that each change costs one reload. */
export function makePlantedPrometheusRule(
	planted: readonly PlantedAlert[],
	{ namespace, labels }: RulePlace,
	{ part, token }: { readonly part: PlantedPart; readonly token: string },
	state: "firing" | "resolved",
): Manifest {
	const name = plantedRuleName(part, token);
	return {
		apiVersion: monitoringV1,
		kind: "PrometheusRule",
		metadata: { name, namespace, labels },
		spec: {
			groups: [
				{
					name,
					interval: `${interval}s`,
					rules: planted
						.filter((alert) => partOf(alert) === part)
						.map((alert) => ({
							alert: alert.alertname,
							expr: expressionFor(state),
							labels: {
								severity: alert.severity,
								namespace: alert.namespace,
								...alert.source,
								[runLabel]: token,
							},
							annotations: annotationsOf(alert),
						})),
				},
			],
		},
	};
}

/** As Prometheus prints it. A rule that only changes its expression keeps its alerts, so that they resolve. */
export function expressionFor(state: "firing" | "resolved"): string {
	return state === "firing" ? "vector(1)" : "vector(1) > 1";
}

/** Whether a text contains an alert's mark as a whole word. */
export function bearsMark(
	text: string,
	{ mark }: Pick<PlantedAlert, "mark">,
): boolean {
	return mark !== undefined && new RegExp(`\\b${mark}\\b`).test(text);
}
