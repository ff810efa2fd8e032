import { type Manifest, monitoringV1 } from "../clients/kube-objects.ts";

/** An alert that a test makes Prometheus fire. */
export interface PlantedAlert {
	readonly alertname: string;
	readonly severity: "critical" | "warning" | "none";
	/** Only the label: the namespace itself need not exist. */
	readonly namespace: string;
}

/** The label that distinguishes one run's alerts from all others. */
export const runLabel = "e2e_run";

/** How often the planted rules are evaluated, in seconds. */
const interval = 2;

/**
 * One alert for each case to be shown, all with names or namespaces that no other run uses.
 *
 * @param token letters and digits, new for each run
 */
export function makePlantedAlerts(token: string) {
	const named = (name: string) => `${name}_${token}`;
	const [here, there] = [`e2e-here-${token}`, `e2e-there-${token}`];
	return {
		critical: {
			alertname: named("Burning"),
			severity: "critical",
			namespace: there,
		},
		warning: {
			alertname: named("Smoking"),
			severity: "warning",
			namespace: there,
		},
		suppressor: {
			alertname: named("Flooded"),
			severity: "critical",
			namespace: here,
		},
		suppressed: {
			alertname: named("Flooded"),
			severity: "warning",
			namespace: here,
		},
		otherNamespace: {
			alertname: named("Flooded"),
			severity: "warning",
			namespace: there,
		},
		otherName: {
			alertname: named("Leaking"),
			severity: "warning",
			namespace: here,
		},
		infoInhibitor: {
			alertname: "InfoInhibitor",
			severity: "none",
			namespace: here,
		},
		watchdog: { alertname: "Watchdog", severity: "none", namespace: here },
	} as const satisfies Record<string, PlantedAlert>;
}

/** A warning that is sent after all others and takes the same path: once it arrives, so has everything before it. */
export function makeCanary(token: string): PlantedAlert {
	return {
		alertname: `Canary_${token}`,
		severity: "warning",
		namespace: `e2e-there-${token}`,
	};
}

/** The labels that identify an alert in Prometheus, Alertmanager and Slack. */
export function labelsOf({ alertname, severity, namespace }: PlantedAlert) {
	return { alertname, severity, namespace };
}

/** A PrometheusRule with all planted alerts in one group, so that each change costs one reload. */
export function makePlantedPrometheusRule(
	planted: readonly PlantedAlert[],
	where: { namespace: string; name: string; token: string },
	state: "firing" | "resolved",
): Manifest {
	const expr = expressionFor(state);
	// Prometheus sends alerts in the order of their rules. The source of an inhibition comes first when it fires and last
	// when it resolves, so that Alertmanager never sees the target without it.
	const inOrder = planted.toSorted(
		(a, b) => Number(isWarning(a)) - Number(isWarning(b)),
	);
	if (state === "resolved") inOrder.reverse();
	return {
		apiVersion: monitoringV1,
		kind: "PrometheusRule",
		metadata: { name: where.name, namespace: where.namespace },
		spec: {
			groups: [
				{
					name: where.name,
					interval: `${interval}s`,
					rules: inOrder.map(({ alertname, severity, namespace }) => ({
						alert: alertname,
						expr,
						labels: { severity, namespace, [runLabel]: where.token },
						annotations: {
							description: `planted by a test, run ${where.token}`,
						},
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

function isWarning({ severity }: PlantedAlert): boolean {
	return severity === "warning";
}
