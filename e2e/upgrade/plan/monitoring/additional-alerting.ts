import { isEqual, omit } from "es-toolkit";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { describeDifference, differencesOf } from "../charts/differences.ts";
import { asObject, show } from "../charts/fields.ts";
import { pair, pairByKey } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";
import { firstNames } from "../routing/first-names.ts";
import { listInSecret } from "../targets/list-in-secret.ts";
import { relabel } from "../targets/relabel.ts";
import { selectedRules } from "./rule-schema.ts";

/** Where Prometheus sends alerts beside the chart's Alertmanager, and what it makes of their labels before. */
export function compareAdditionalAlerting(a: Side, b: Side): Reason[] {
	return [
		...pair(a, b, "Prometheus").both.flatMap(([old, now]) => [
			...compareReceivers(
				now,
				listInSecret(a, old, "additionalAlertManagerConfigs"),
				listInSecret(b, now, "additionalAlertManagerConfigs"),
			),
			...compareRelabelings(a, b, old, now, "additionalAlertRelabelConfigs"),
		]),
		...pair(a, b, "ThanosRuler").both.flatMap(([old, now]) =>
			compareRelabelings(a, b, old, now, "alertRelabelConfigs"),
		),
	];
}

/** An Alertmanager, with how Prometheus reaches it. */
interface Receiver {
	/** Its address, or how it is discovered. */
	readonly address: string;
	readonly settings: Record<string, unknown>;
}

function compareReceivers(
	now: Manifest,
	before: readonly unknown[] | undefined,
	after: readonly unknown[] | undefined,
): Reason[] {
	// What a Secret outside the chart says is not known.
	if (!before || !after) return [];
	const { both, gone } = pairByKey(
		before.flatMap(receiversIn),
		after.flatMap(receiversIn),
		({ address }) => address,
	);
	const changed = both.flatMap(([from, to]) =>
		differencesOf(from.settings, to.settings, from.address),
	);
	return [
		...gone.map(({ address }) =>
			makeReason(
				"alerting-lost",
				`${nameOf(now)} ${address}`,
				`${nameOf(now)} no longer sends alerts to ${address}, which additionalAlertManagerConfigs named.`,
				{ wayOut: "Add it to additionalAlertManagerConfigs again." },
			),
		),
		...(changed.length === 0
			? []
			: [
					makeReason(
						"alerting-configuration-changed",
						`${nameOf(now)} additionalAlertManagerConfigs`,
						`${nameOf(now)} reaches Alertmanagers of additionalAlertManagerConfigs in another way.`,
						{ evidence: changed.map(describeDifference) },
					),
				]),
	];
}

function receiversIn(configuration: unknown): Receiver[] {
	const settings = omit(asObject(configuration), ["static_configs"]);
	const addresses = listAt(configuration, "static_configs").flatMap((group) =>
		listAt(group, "targets").map(String),
	);
	// How it is discovered may hold credentials.
	const discoveries = Object.keys(settings).filter((key) =>
		key.endsWith("_sd_configs"),
	);
	return [...addresses, ...discoveries.map((key) => `what ${key} finds`)].map(
		(address) => ({ address, settings }),
	);
}

function compareRelabelings(
	a: Side,
	b: Side,
	old: Manifest,
	now: Manifest,
	field: string,
): Reason[] {
	const before = listInSecret(a, old, field);
	const after = listInSecret(b, now, field);
	if (!before || !after || isEqual(before, after)) return [];
	const dropped = droppedAlerts(b, after).filter(
		(each) => !droppedAlerts(b, before).includes(each),
	);
	const minus = (all: readonly unknown[], others: readonly unknown[]) =>
		all.filter((each) => !others.some((other) => isEqual(each, other)));
	const evidence = [
		...minus(before, after).map((each) => `gone: ${show(each)}`),
		...minus(after, before).map((each) => `new: ${show(each)}`),
	];
	return [
		makeReason(
			"alerting-configuration-changed",
			`${nameOf(now)} ${field}`,
			dropped.length === 0
				? `${nameOf(now)} relabels alerts in another way before it sends them.`
				: `${nameOf(now)} drops alerts instead of sending them: ${firstNames(dropped)}.`,
			{
				evidence: evidence.length > 0 ? evidence : ["in another order"],
				...(dropped.length > 0 && { danger: "unsafe" as const }),
			},
		),
	];
}

/** The alerts that relabelling drops whatever labels their series bring. */
function droppedAlerts(side: Side, relabelings: readonly unknown[]): string[] {
	const dropped = selectedRules(side).flatMap(({ alert, labels }) => {
		if (alert === undefined) return [];
		const own = Object.fromEntries(
			Object.entries(labels).map(([name, value]) => [
				name,
				value.includes("{{") ? undefined : value,
			]),
		);
		const kept = relabel(
			relabelings,
			{ ...own, alertname: alert },
			() => false,
		);
		return kept ? [] : [alert];
	});
	return [...new Set(dropped)];
}
