import { isEqual, uniq } from "es-toolkit";
import type { DeclaredRule } from "../monitoring/rule-schema.ts";
import {
	type RoutingConfiguration,
	readConfiguration,
	receiversFor,
} from "./alert-routes.ts";

/** More alerts than this are counted. */
const mostNamed = 3;

/** Which alerts go elsewhere, by the labels that their rules set, e.g. `A and 2 others: chat → mail`. */
export function movedAlerts(
	old: string,
	now: string,
	rules: readonly DeclaredRule[],
): string[] {
	const [before] = readConfiguration(old);
	const [after] = readConfiguration(now);
	if (!before || !after) return [];
	const moved = rules.flatMap((rule) => {
		if (!rule.alert) return [];
		const from = receiversFor(before.tree, [rule]);
		const to = receiversFor(after.tree, [rule]);
		return isEqual(from, to)
			? []
			: [
					{
						name: rule.alert,
						move: `${describe(from, before)} → ${describe(to, after)}`,
					},
				];
	});
	return [...Map.groupBy(moved, ({ move }) => move)].map(
		([move, each]) => `${namesOf(uniq(each.map(({ name }) => name)))}: ${move}`,
	);
}

function describe(
	receivers: readonly string[],
	{ sending }: RoutingConfiguration,
): string {
	const isHeard = receivers.some((name) => sending.has(name));
	return `${receivers.join(" and ")}${isHeard ? "" : " (nobody gets it)"}`;
}

function namesOf(names: readonly string[]): string {
	const rest = names.length - mostNamed;
	return rest > 0
		? `${names.slice(0, mostNamed).join(", ")} and ${rest} more alerts`
		: names.join(", ");
}
