import type { Manifest } from "../clients/kubernetes.ts";

/** An alert that the test makes Prometheus fire. */
export interface PlantedAlert {
	readonly alertname: string;
	readonly severity: "critical" | "warning" | "none";
	/** The label, not a place: no such namespace needs to exist. */
	readonly namespace: string;
}

/** The label that tells one run's alerts from all others. */
export const runLabel = "e2e_run";

/** How often the planted rules are evaluated, in seconds. */
const interval = 2;

/**
 * One alert for each thing to be shown, all with names that no other run has.
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

/** A warning that is sent after all others and takes the same way: what they caused has come before it. */
export function makeCanary(token: string): PlantedAlert {
	return {
		alertname: `Singing_${token}`,
		severity: "warning",
		namespace: `e2e-there-${token}`,
	};
}

/** The labels that mark an alert as this one, wherever it is seen. */
export function labelsOf({ alertname, severity, namespace }: PlantedAlert) {
	return { alertname, severity, namespace };
}

/** A PrometheusRule with all planted alerts in one group, so that each change costs one reload. */
export function makePlantedRule(
	planted: readonly PlantedAlert[],
	where: { namespace: string; name: string; token: string },
	state: "firing" | "resolved",
): Manifest {
	const expr = expressionOf(state);
	// Prometheus sends alerts in the order of the rules. A source of inhibition goes first when it fires and last when
	// it resolves, so that Alertmanager never sees its target alone.
	const inOrder = planted.toSorted(
		(a, b) => Number(isWarning(a)) - Number(isWarning(b)),
	);
	if (state === "resolved") inOrder.reverse();
	return {
		apiVersion: "monitoring.coreos.com/v1",
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

/** As Prometheus writes it. The same rule with another expression keeps its alerts, so that they resolve. */
export function expressionOf(state: "firing" | "resolved"): string {
	return state === "firing" ? "vector(1)" : "vector(1) > 1";
}

function isWarning({ severity }: PlantedAlert): boolean {
	return severity === "warning";
}
