import type {
	AlertmanagerAlert,
	AlertmanagerClient,
} from "../clients/alertmanager.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";
import { waitUntilRulesAreGone, waitUntilRulesAreLoaded } from "./delivery.ts";
import {
	expressionOf,
	labelsOf,
	makeCanary,
	makePlantedAlerts,
	makePlantedRule,
	type PlantedAlert,
	runLabel,
} from "./planted-alerts.ts";
import { isThis } from "./states.ts";

interface PlantingPlace {
	readonly kube: KubeClient;
	readonly prometheus: PrometheusClient;
	readonly alertmanager: AlertmanagerClient;
	/** Where the stack lives. */
	readonly stackNamespace: string;
	/** Where the PrometheusRule is planted. */
	readonly namespace: string;
}

/** A run's alerts in the real stack, from their first firing until nothing of them is left. */
export class Planting {
	readonly alerts: ReturnType<typeof makePlantedAlerts>;
	readonly #place: PlantingPlace;
	readonly #rule: { namespace: string; name: string; token: string };

	constructor(place: PlantingPlace, token: string) {
		this.alerts = makePlantedAlerts(token);
		this.#place = place;
		this.#rule = {
			namespace: place.namespace,
			name: `planted-alerts-${token}`,
			token,
		};
	}

	get canary() {
		return makeCanary(this.#rule.token);
	}

	/** Changes the rules. Resolves when Prometheus has loaded them. */
	async turn(state: "firing" | "resolved"): Promise<void> {
		const { kube, prometheus, stackNamespace } = this.#place;
		await kube.apply([this.#makeRule(state)]);
		await waitUntilRulesAreLoaded(kube, prometheus, stackNamespace, {
			name: this.#rule.name,
			expression: expressionOf(state),
		});
	}

	/** Waits until Alertmanager has known every alert for longer than any group waits: what is to be sent is under way. */
	async waitUntilKnown(longestGroupWait: number): Promise<void> {
		const alerts = Object.entries(this.alerts);
		let knownSince: number | undefined;
		await eventually(
			"Alertmanager has known the planted alerts for longer than a group waits",
			budgets.notification + longestGroupWait,
			async () => {
				const known = await this.inAlertmanager();
				const unknown = alerts.filter(
					([, alert]) => !known.some((each) => isThis(each, alert)),
				);
				if (unknown.length > 0)
					return `it does not know ${unknown.map(([key]) => key).join(", ")}`;
				knownSince ??= Date.now();
				return Date.now() - knownSince > longestGroupWait
					? undefined
					: "it knows them all, for a moment only";
			},
			(missing) => missing ?? true,
		);
	}

	/** Sends the canary, or another alert, to Alertmanager, behind all alerts that it knows already. */
	async sing(
		state: "firing" | "resolved",
		alert: PlantedAlert = this.canary,
	): Promise<void> {
		await this.#place.alertmanager.post([
			{
				labels: { ...labelsOf(alert), [runLabel]: this.#rule.token },
				...(state === "resolved" && { endsAt: new Date().toISOString() }),
			},
		]);
	}

	/** What Alertmanager knows of this run's alerts; resolved ones are not among them. */
	inAlertmanager(): Promise<AlertmanagerAlert[]> {
		const { alertmanager } = this.#place;
		return alertmanager.alerts(`${runLabel}="${this.#rule.token}"`);
	}

	/** Takes the rule away, and what is still firing after a test that failed. */
	async withdraw(): Promise<void> {
		const { kube, prometheus, alertmanager, stackNamespace } = this.#place;
		await kube.delete([this.#makeRule("resolved")]);
		if ((await this.inAlertmanager()).length === 0) return;
		// Prometheus says nothing of alerts whose rule is gone: Alertmanager would hold them for minutes.
		await waitUntilRulesAreGone(
			kube,
			prometheus,
			stackNamespace,
			this.#rule.name,
		);
		const endsAt = new Date().toISOString();
		await alertmanager.post(
			(await this.inAlertmanager()).map(({ labels }) => ({ labels, endsAt })),
		);
	}

	#makeRule(state: "firing" | "resolved") {
		return makePlantedRule(Object.values(this.alerts), this.#rule, state);
	}
}
