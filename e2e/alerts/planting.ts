import { omit, pick } from "es-toolkit";
import type {
	AlertmanagerAlert,
	AlertmanagerClient,
} from "../clients/alertmanager.ts";
import { sumOf } from "../clients/exposition.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { budgets } from "../common/budgets.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { eventually, notYet } from "../common/eventually.ts";
import {
	waitUntilRulesAreGone,
	waitUntilRulesHaveState,
} from "./loaded-rules.ts";
import {
	annotationsOf,
	expressionFor,
	labelsOf,
	makeCanary,
	makePlantedAlerts,
	makePlantedPrometheusRule,
	type PlantedAlert,
	type PlantedPart,
	plantedParts,
	plantedRuleName,
	runLabel,
} from "./planted-alerts.ts";
import { findDropped } from "./relabelling/dropped-alerts.ts";
import { type RulePlace, readRulePlace } from "./rule-place.ts";
import { describeChangedLabels, isSameAlert } from "./states.ts";

/** Longer than any test takes, in milliseconds. */
const aWhile = 3_600_000;

interface PlantingAccess {
	readonly kube: KubeClient;
	readonly prometheus: PrometheusClient;
	readonly alertmanager: AlertmanagerClient;
	/** The namespace of the stack. */
	readonly stackNamespace: string;
	/** Where the PrometheusRules are planted, if Prometheus takes rules from there. */
	readonly namespace: string;
}

/** One run's alerts in the real stack, from when they fire until nothing of them is left. */
export class Planting {
	readonly alerts: ReturnType<typeof makePlantedAlerts>;
	readonly #access: PlantingAccess;
	/** Letters and digits that only this run's alerts have. */
	readonly token: string;
	#place: Promise<RulePlace> | undefined;

	/** @param token letters and digits that no other planting uses */
	constructor(access: PlantingAccess, token: string) {
		this.alerts = makePlantedAlerts(token);
		this.#access = access;
		this.token = token;
	}

	get canary() {
		return makeCanary(this.token);
	}

	/**
	 * Makes all alerts fire or resolve. What suppresses others fires first and resolves last, so that Alertmanager never
	 * sees the others without it: Prometheus sends alerts in the order in which it evaluates them.
	 *
	 * @returns when Prometheus has evaluated all of them
	 */
	async setState(state: "firing" | "resolved"): Promise<void> {
		const { kube, prometheus, stackNamespace } = this.#access;
		const inOrder =
			state === "firing" ? plantedParts : plantedParts.toReversed();
		for (const part of inOrder) {
			await kube.apply([await this.#makeRule(part, state)]);
			await waitUntilRulesHaveState(kube, prometheus, stackNamespace, {
				name: plantedRuleName(part, this.token),
				expression: expressionFor(state),
				state: state === "firing" ? "firing" : "inactive",
			});
		}
	}

	/** Which of the alerts for nobody Prometheus drops, so that Alertmanager never knows them. */
	async listDropped(): Promise<string[]> {
		const { prometheus, stackNamespace } = this.#access;
		return findDropped(
			pick(this.alerts, ["infoInhibitor", "watchdog"]),
			await prometheus.config(),
			stackNamespace,
		);
	}

	/**
	 * Waits until Alertmanager has known every alert for longer than any group waits: by then it has begun to send
	 * whatever it is going to send. Watchdog comes with the others, or is dropped before, as InfoInhibitor may be: nobody has
	 * to be told of them.
	 *
	 * @param longestGroupWait milliseconds
	 */
	async waitUntilKnown(longestGroupWait: number): Promise<void> {
		const dropped = await this.listDropped();
		const alerts = Object.entries(omit(this.alerts, ["watchdog"])).filter(
			([key]) => !dropped.includes(key),
		);
		let knownSince: number | undefined;
		await eventually(
			"Alertmanager has known the planted alerts for longer than any group waits",
			budgets.notification + longestGroupWait,
			async () => {
				const known = await this.#inEachAlertmanager();
				const unknown = alerts.filter(
					([, alert]) =>
						known.length === 0 ||
						!known.every((one) => one.some((each) => isSameAlert(each, alert))),
				);
				if (unknown.length > 0)
					return notYet(await this.#describe(unknown, known.flat()));
				const now = performance.now();
				knownSince ??= now;
				if (now - knownSince <= longestGroupWait)
					return notYet("it knows them all, but not for long enough");
			},
		);
	}

	/** Posts the canary, or another alert, to Alertmanager, after all alerts that it already knows. */
	async post(
		state: "firing" | "resolved",
		alert: PlantedAlert = this.canary,
	): Promise<void> {
		await this.#access.alertmanager.post([
			{
				labels: {
					...labelsOf(alert),
					...alert.source,
					[runLabel]: this.token,
				},
				annotations: annotationsOf(alert),
				// Otherwise Alertmanager ends it after its resolve_timeout, which may be shorter than a group waits.
				endsAt: new Date(
					clusterNow() + (state === "resolved" ? 0 : aWhile),
				).toISOString(),
			},
		]);
	}

	/** This run's alerts that Alertmanager knows and that are not resolved. */
	inAlertmanager(): Promise<AlertmanagerAlert[]> {
		const { alertmanager } = this.#access;
		return alertmanager.alerts(`${runLabel}="${this.token}"`);
	}

	/** The same of every replica: each has alerts of its own. */
	async #inEachAlertmanager(): Promise<AlertmanagerAlert[][]> {
		const each = await this.#access.alertmanager.each();
		return Promise.all(
			each.map((one) => one.alerts(`${runLabel}="${this.token}"`)),
		);
	}

	async #describe(
		unknown: readonly (readonly [string, PlantedAlert])[],
		known: readonly AlertmanagerAlert[],
	) {
		const { prometheus } = this.#access;
		const receivers = await prometheus.alertmanagers();
		const names = unknown.map(([key]) => key).join(", ");
		const changed = describeChangedLabels(known, Object.fromEntries(unknown));
		if (changed.length > 0)
			return `it knows ${changed.join("; ")}: alert relabelling, or the Prometheus object's enforcedNamespaceLabel, changes what the rule says`;
		if (receivers.length === 0)
			return "Prometheus has found no Alertmanager to send alerts to";
		const unsent = sumOf(
			await prometheus.metrics(),
			"prometheus_notifications_errors_total",
		);
		return `it does not know ${names}; Prometheus sends alerts to ${receivers.join(" and ")}${unsent > 0 ? `, and counts ${unsent} that it could not send` : ""}`;
	}

	/** Deletes the rules, and resolves what still fires after a failed test. */
	async withdraw(): Promise<void> {
		const { kube, prometheus, alertmanager, stackNamespace } = this.#access;
		await kube.delete(
			await Promise.all(
				plantedParts.map((part) => this.#makeRule(part, "resolved")),
			),
		);
		if ((await this.inAlertmanager()).length === 0) return;
		// Prometheus does not resolve alerts whose rule is gone: Alertmanager would keep them for minutes.
		for (const part of plantedParts)
			await waitUntilRulesAreGone(
				kube,
				prometheus,
				stackNamespace,
				plantedRuleName(part, this.token),
			);
		const endsAt = new Date(clusterNow()).toISOString();
		await alertmanager.post(
			(await this.inAlertmanager()).map(({ labels }) => ({ labels, endsAt })),
		);
	}

	async #makeRule(part: PlantedPart, state: "firing" | "resolved") {
		const { kube, namespace, stackNamespace } = this.#access;
		this.#place ??= readRulePlace(kube, stackNamespace, [
			namespace,
			stackNamespace,
		]);
		return makePlantedPrometheusRule(
			Object.values(this.alerts),
			await this.#place,
			{ part, token: this.token },
			state,
		);
	}
}
