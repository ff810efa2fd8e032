import { isEqual, uniq } from "es-toolkit";
import { allowsAlert, type Matcher } from "../../../alerts/matchers.ts";
import {
	allRoutes,
	routesOf,
	type TreeRoute,
} from "../../../alerts/route-tree.ts";
import { matches } from "../../../common/promql/matcher.ts";
import type { DeclaredRule } from "../monitoring/rule-schema.ts";
import {
	type RoutingConfiguration,
	readConfiguration,
	receiversFor,
} from "./alert-routes.ts";
import { firstNames } from "./first-names.ts";

/** Where alerts go that took another way before. */
export interface MovedAlerts {
	/** Those that nobody gets any more come first, e.g. `A, B and 2 others: chat → null (nobody gets it)`. */
	readonly lines: readonly string[];
	/** Urgent alerts that nobody gets any more, although no route names them to silence them. */
	readonly lost: readonly string[];
}

/** Which alerts go elsewhere, by the labels that their rules set. */
export function movedAlerts(
	old: string,
	now: string,
	rules: readonly DeclaredRule[],
): MovedAlerts {
	const [before] = readConfiguration(old);
	const [after] = readConfiguration(now);
	if (!before || !after) return { lines: [], lost: [] };
	const moved = rules.flatMap((rule) => {
		if (!rule.alert) return [];
		const from = receiversFor(before.tree, [rule]);
		const to = receiversFor(after.tree, [rule]);
		if (isEqual(from, to)) return [];
		const isSilent = isHeard(from, before) && !isHeard(to, after);
		return [
			{
				name: rule.alert,
				move: `${describe(from, before)} → ${describe(to, after)}`,
				isSilent,
				isLost: isSilent && isLost(rule, before, after),
			},
		];
	});
	const lines = (all: typeof moved) =>
		[...Map.groupBy(all, ({ move }) => move)].map(
			([move, each]) => `${firstNames(namesOf(each))}: ${move}`,
		);
	return {
		lines: [
			...lines(moved.filter(({ isSilent }) => isSilent)),
			...lines(moved.filter(({ isSilent }) => !isSilent)),
		],
		lost: namesOf(moved.filter((each) => each.isLost)),
	};
}

const urgent = /^(critical|warning)$/;

/** Whether a silenced alert is one that nobody silenced on purpose. */
function isLost(
	{ alert = "", labels: own }: DeclaredRule,
	before: RoutingConfiguration,
	after: RoutingConfiguration,
): boolean {
	const labels = { ...own, alertname: alert };
	const isMeant = routesOf(after.tree, labels).every(({ matchers }) =>
		matchers.some(namesAlerts),
	);
	const known = allRoutes(before.tree).filter(({ receiver }) =>
		before.sending.has(receiver),
	);
	const isKnown = ({ matchers }: TreeRoute) =>
		known.some((each) => isEqual(each.matchers, matchers));
	// By a label that only its series bring, such as the namespace, a new route may take what the old one took.
	const mayBeTaken = allRoutes(after.tree).some(
		(each) =>
			after.sending.has(each.receiver) &&
			!isKnown(each) &&
			each.matchers.some(({ label }) => !Object.hasOwn(labels, label)) &&
			allowsAlert(each.matchers, labels),
	);
	return urgent.test(own.severity ?? "") && !isMeant && !mayBeTaken;
}

function namesAlerts(matcher: Matcher): boolean {
	return (
		matcher.label === "alertname" &&
		["=", "=~"].includes(matcher.operator) &&
		!matches(matcher, "an alert of any name")
	);
}

function namesOf(all: readonly { readonly name: string }[]): string[] {
	return uniq(all.map(({ name }) => name));
}

function isHeard(
	receivers: readonly string[],
	{ sending }: RoutingConfiguration,
): boolean {
	return receivers.some((name) => sending.has(name));
}

function describe(
	receivers: readonly string[],
	configuration: RoutingConfiguration,
): string {
	return `${receivers.join(" and ")}${isHeard(receivers, configuration) ? "" : " (nobody gets it)"}`;
}
