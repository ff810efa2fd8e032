import { isEqual } from "es-toolkit";
import {
	type AlertmanagerConfig,
	parseConfig,
} from "../../../alerts/loaded-config.ts";
import { collectMatchers, type Matcher } from "../../../alerts/matchers.ts";
import {
	allRoutes,
	makeRouteTree,
	routesOf,
	type TreeRoute,
} from "../../../alerts/route-tree.ts";
import { resultLabelsOf } from "../../../common/promql/result-labels.ts";
import type { Danger } from "../../reason-kinds.ts";
import { dataOf } from "../charts/data.ts";
import type { Side } from "../charts/side.ts";
import { configurationFile } from "../monitoring/alertmanager-check.ts";
import type { DeclaredRule } from "../monitoring/rule-schema.ts";
import { configurationSecrets } from "./configuration-secrets.ts";

/** What a change of an alert means to the person's own routes and inhibitions. */
export interface RoutingEffect {
	/** A sentence that goes on after another. */
	readonly says: string;
	readonly danger: Danger;
}

/** Finds out what Alertmanager makes of an alert that changes; undefined if nothing changes there. */
export function makeRoutingEffects(
	side: Side,
): (
	old: readonly DeclaredRule[],
	now: readonly DeclaredRule[],
) => RoutingEffect | undefined {
	const all = configurationsOf(side);
	return (old, now) => {
		for (const each of all) {
			const effect = effectOn(each, old, now);
			if (effect) return effect;
		}
		return undefined;
	};
}

export interface RoutingConfiguration {
	readonly tree: TreeRoute;
	/** Receivers that send to somebody. */
	readonly sending: ReadonlySet<string>;
	readonly inhibitions: readonly {
		readonly matchers: readonly Matcher[];
		readonly equal: readonly string[];
	}[];
}

function configurationsOf(side: Side): RoutingConfiguration[] {
	return configurationSecrets(side).flatMap((secret) => {
		const text = dataOf(secret).get(configurationFile);
		return text === undefined ? [] : readConfiguration(text);
	});
}

/** None if Alertmanager would refuse it, which another comparison reports. */
export function readConfiguration(text: string): RoutingConfiguration[] {
	try {
		const config = parseConfig(text);
		return [
			{
				tree: makeRouteTree(config),
				sending: new Set(
					config.receivers
						.filter((each) => sends(each))
						.map(({ name }) => name),
				),
				inhibitions: (config.inhibit_rules ?? []).map((each) => ({
					matchers: matchersOfInhibition(each),
					equal: each.equal ?? [],
				})),
			},
		];
	} catch {
		return [];
	}
}

function sends(receiver: AlertmanagerConfig["receivers"][number]): boolean {
	return Object.entries(receiver).some(
		([name, list]) =>
			name.endsWith("_configs") && Array.isArray(list) && list.length > 0,
	);
}

type Inhibition = NonNullable<AlertmanagerConfig["inhibit_rules"]>[number];

function matchersOfInhibition(each: Inhibition): Matcher[] {
	return [
		...collectMatchers(
			each.source_matchers ?? [],
			each.source_match,
			each.source_match_re,
		),
		...collectMatchers(
			each.target_matchers ?? [],
			each.target_match,
			each.target_match_re,
		),
	];
}

function effectOn(
	{ tree, sending, inhibitions }: RoutingConfiguration,
	old: readonly DeclaredRule[],
	now: readonly DeclaredRule[],
): RoutingEffect | undefined {
	const from = receiversFor(tree, old);
	const to = receiversFor(tree, now);
	if (!isEqual(from, to)) {
		const isSilent =
			from.some((name) => sending.has(name)) &&
			!to.some((name) => sending.has(name));
		return {
			says: ` Alertmanager sent it to ${from.join(" and ")}, and now to ${to.join(" and ")}${isSilent ? ", where nobody gets it" : ""}.`,
			danger: isSilent ? "unsafe" : "review",
		};
	}
	const lost = lostLabels(old, now);
	const routed = allRoutes(tree).flatMap(({ own }) => own);
	const byRoute = routed.find(({ label }) => lost(label, true))?.label;
	if (byRoute !== undefined)
		return {
			says: ` It no longer has the label ${byRoute}, by which Alertmanager routes.`,
			danger: "review",
		};
	const byInhibition = inhibitions
		.flatMap(({ equal }) => equal)
		.find((label) => lost(label, false));
	if (byInhibition !== undefined)
		return {
			says: ` It no longer has the label ${byInhibition}, by which Alertmanager inhibits.`,
			danger: "review",
		};
	const name = old[0]?.alert ?? "";
	const isNamed = [
		...routed,
		...inhibitions.flatMap(({ matchers }) => matchers),
	].some(({ label, value }) => label === "alertname" && value === name);
	return isNamed && now[0]?.alert !== name
		? {
				says: ` Alertmanager's routes or inhibitions name ${name}.`,
				danger: "review",
			}
		: undefined;
}

/** Where Alertmanager sends alerts, by the labels that their rules themselves set. */
export function receiversFor(
	tree: TreeRoute,
	rules: readonly DeclaredRule[],
): string[] {
	const found = rules.flatMap(({ alert = "", labels }) =>
		routesOf(tree, { ...labels, alertname: alert }).map(
			({ receiver }) => receiver,
		),
	);
	return [...new Set(found)].sort();
}

/** Labels that nearly every series has. */
const ofTargets = /^(namespace|job|instance|pod|service|container|node)$/;

/**
 * Whether a label of the alerts is aggregated away. Where nothing says which labels there were before, those of targets
 * may have been: that counts only if `mayGuess`.
 */
function lostLabels(
	old: readonly DeclaredRule[],
	now: readonly DeclaredRule[],
): (label: string, mayGuess: boolean) => boolean {
	const [before, after] = [old, now].map((rules) =>
		rules.map(({ expr, labels }) => ({
			own: new Set(["alertname", ...Object.keys(labels)]),
			brought: resultLabelsOf(expr),
		})),
	);
	const has = (sides: typeof before, label: string, isOpen: boolean) =>
		(sides ?? []).some(
			({ own, brought }) =>
				own.has(label) || (brought ? brought.has(label) : isOpen),
		);
	const isSame = isEqual(
		old.map(({ expr }) => expr.trim()),
		now.map(({ expr }) => expr.trim()),
	);
	return (label, mayGuess) =>
		!isSame &&
		has(before, label, mayGuess && ofTargets.test(label)) &&
		!has(after, label, true);
}
