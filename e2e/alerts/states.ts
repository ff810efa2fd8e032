import type { AlertmanagerAlert } from "../clients/alertmanager.ts";
import { destinationsOf } from "./destinations.ts";
import type { AlertmanagerConfig } from "./loaded-config.ts";
import { bearsMark, labelsOf, type PlantedAlert } from "./planted-alerts.ts";

/** Each planted alert's state in Alertmanager, e.g. `active, to slack` or `suppressed by suppressor, to slack`. */
export function describeStates(
	alerts: readonly AlertmanagerAlert[],
	planted: Readonly<Record<string, PlantedAlert>>,
	config: AlertmanagerConfig,
): Record<string, string> {
	const keyOf = (fingerprint: string) => {
		const inhibitor = alerts.find((each) => each.fingerprint === fingerprint);
		return (
			Object.entries(planted).find(
				([, alert]) => inhibitor && isSameAlert(inhibitor, alert),
			)?.[0] ?? `another alert (${fingerprint})`
		);
	};
	const describe = (alert: PlantedAlert): string => {
		const found = alerts.find((each) => isSameAlert(each, alert));
		if (!found) return "unknown to Alertmanager";
		const { state, inhibitedBy, silencedBy } = found.status;
		const by = [
			...inhibitedBy.map(keyOf),
			...silencedBy.map((id) => `silence ${id}`),
		];
		return `${state}${by.length ? ` by ${by.join(" and ")}` : ""}, to ${receiversOf(found, config)}`;
	};
	return Object.fromEntries(
		Object.entries(planted).map(([key, alert]) => [key, describe(alert)]),
	);
}

/** Where an alert's receivers send it, e.g. `slack`. */
export function receiversOf(
	{ receivers }: AlertmanagerAlert,
	config: AlertmanagerConfig,
): string {
	return destinationsOf(
		receivers.map(({ name }) => name),
		config,
	);
}

/**
 * The labels by which planted alerts are routed and inhibited that something has changed on the way to Alertmanager: a
 * clause for each alert. It is known again by the mark in its annotations.
 */
export function describeChangedLabels(
	seen: readonly AlertmanagerAlert[],
	planted: Readonly<Record<string, PlantedAlert>>,
): string[] {
	return Object.entries(planted).flatMap(([key, alert]) => {
		const found = seen.find(({ annotations }) =>
			bearsMark(Object.values(annotations).join(), alert),
		);
		if (!found || isSameAlert(found, alert)) return [];
		const changed = Object.entries(labelsOf(alert)).filter(
			([name, value]) => found.labels[name] !== value,
		);
		return [
			`${key} with ${changed.map(([name, value]) => `${name}="${found.labels[name] ?? ""}" instead of "${value}"`).join(" and ")}`,
		];
	});
}

/** Whether an alert in Alertmanager is a planted one. */
export function isSameAlert(
	seen: AlertmanagerAlert,
	alert: PlantedAlert,
): boolean {
	return Object.entries(labelsOf(alert)).every(
		([name, value]) => seen.labels[name] === value,
	);
}
