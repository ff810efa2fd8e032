import {
	matchersOf,
	type Selector,
} from "../../../common/promql/expressions.ts";
import { flatten, keyOf, makeReason, type Reason } from "../../reasons.ts";
import type { Side } from "../charts/side.ts";
import { type DeclaredRule, selectedRules } from "../monitoring/rule-schema.ts";
import { companionsGone } from "../monitoring/selectors.ts";
import { monitoredTargets, targetsOutside } from "../targets/monitored.ts";
import { ownTargets, targetsOfUnknownJobs } from "../targets/own-jobs.ts";
import { type ScrapedTarget, withLostLabels } from "../targets/target.ts";
import { withoutWrongPorts } from "../targets/written-ports.ts";
import { causeOf } from "./cause.ts";
import { withLostViews } from "./host-views.ts";
import { rulesBehind } from "./rule-series.ts";
import { isLostBetween, makeSupply, supplierIn } from "./supply.ts";
import { lostIn, type MetricUser, metricUsers } from "./users.ts";

/**
 * Follows each metric that Prometheus no longer has to the alerts, recording rules and dashboards that ask for it, and
 * nests those under what takes the metric away.
 */
export function followLostMetrics(
	a: Side,
	b: Side,
	found: readonly Reason[],
): Reason[] {
	const all = flatten(found);
	const before = targetsOf(a);
	const scraped = [...targetsOf(b), ...targetsOfUnknownJobs(a, b)];
	const after = withLostViews(
		before,
		withLostLabels(before, withoutWrongPorts(before, scraped)),
	);
	const supplyBefore = makeSupply(before);
	const gone = targetsOutside(a, companionsGone(a, b));
	const supplyWithGone = makeSupply([...before, ...gone]);
	const supplyAfter = makeSupply(after);
	const supplyWithOthers = makeSupply([...after, ...targetsOutside(b)]);
	const rulesBefore = selectedRules(a);
	const rulesAfter = selectedRules(b);
	const recordedBefore = recordedBy(rulesBefore);
	const recordedAfter = recordedBy(rulesAfter);
	/** Recordings that are gone or blind, with what made them so. */
	const lostRecordings = new Map<string, Reason>();
	const causeOfLoss = (selector: Selector): Reason | undefined => {
		const { metric } = selector;
		const known = lostRecordings.get(metric);
		if (known) return known;
		const makers = rulesBehind(selector, rulesBefore);
		if (makers.length > 0 && rulesBehind(selector, rulesAfter).length === 0) {
			const own = causeAmongRules(makers, all);
			if (own) return own;
		}
		if (recordedAfter.has(metric)) return undefined;
		if (recordedBefore.has(metric))
			return all.find(
				({ id, subject }) => id === "recording-gone" && subject === metric,
			);
		const withGone = gone.length > 0 && asksForTarget(selector);
		const old = (withGone ? supplyWithGone : supplyBefore)(selector);
		const now = (withGone ? supplyWithOthers : supplyAfter)(selector);
		return isLostBetween(old, now)
			? causeOf(selector, supplierIn(old), after, all)
			: undefined;
	};
	const users = metricUsers(b);
	const blind = new Map<MetricUser, { cause: Reason; selectors: string[] }>();
	for (let size = -1; size < blind.size; ) {
		size = blind.size;
		for (const user of users) {
			if (blind.has(user)) continue;
			const loss = lossOf(user, causeOfLoss);
			if (!loss) continue;
			blind.set(user, loss);
			if (user.kind === "recording") lostRecordings.set(user.name, loss.cause);
		}
	}
	return nestConsequences(found, blind);
}

/** Whether a selector says which target it is about: what a monitor found outside of the chart may have had any metric. */
function asksForTarget(selector: Selector): boolean {
	return matchersOf(selector).some(({ label }) =>
		["job", "instance"].includes(label),
	);
}

function targetsOf(side: Side): ScrapedTarget[] {
	return [...monitoredTargets(side), ...ownTargets(side)];
}

function recordedBy(rules: readonly DeclaredRule[]): Set<string> {
	return new Set(rules.flatMap(({ record }) => record ?? []));
}

/** What happened to the rules that made some series. */
function causeAmongRules(
	makers: readonly DeclaredRule[],
	found: readonly Reason[],
): Reason | undefined {
	const names = makers.map(({ alert, record }) => alert ?? record);
	return found.find(
		({ id, subject }) =>
			/^(alert-(gone|renamed|relabelled|changed)|recording-(gone|changed))$/.test(
				id,
			) && names.includes(subject),
	);
}

function lossOf(
	{ kind, expressions }: MetricUser,
	causeOfLoss: (selector: Selector) => Reason | undefined,
): { cause: Reason; selectors: string[] } | undefined {
	let cause: Reason | undefined;
	const isLost = (selector: Selector) => {
		const own = causeOfLoss(selector);
		cause ??= own;
		return own !== undefined;
	};
	const lost = expressions.map((each) => lostIn(each, isLost));
	const selectors = lost.flat();
	// What is recorded by several rules is there as long as one of them has a result.
	const isBlind =
		kind === "recording"
			? lost.every(({ length }) => length > 0)
			: selectors.length > 0;
	return cause && isBlind
		? { cause, selectors: [...new Set(selectors)] }
		: undefined;
}

function nestConsequences(
	found: readonly Reason[],
	blind: ReadonlyMap<MetricUser, { cause: Reason; selectors: string[] }>,
): Reason[] {
	const byCause = Map.groupBy(blind, ([, { cause }]) => keyOf(cause));
	const known = new Set(flatten(found).map(keyOf));
	const further = [...byCause.entries()].flatMap(([key, [first]]) =>
		known.has(key) || !first ? [] : [first[1].cause],
	);
	const withOwn = (each: Reason): Reason => {
		const own = byCause.get(keyOf(each)) ?? [];
		const consequences = new Map(
			own
				.map(([user, { selectors }]) => describe(user, selectors))
				.map((one) => [keyOf(one), one]),
		);
		return {
			...each,
			consequences: [
				...each.consequences.map(withOwn),
				...consequences.values(),
			],
		};
	};
	return [...found, ...further].map(withOwn);
}

function describe(
	{ kind, name, expressions }: MetricUser,
	selectors: readonly string[],
): Reason {
	const needs = namesOf(selectors);
	if (kind === "dashboard")
		return makeReason(
			"panel-blind",
			name,
			`The dashboard ${name} asks for ${needs}, which Prometheus no longer has.`,
			{ evidence: selectors },
		);
	if (kind === "recording")
		return makeReason(
			"recording-blind",
			name,
			`The recording rule ${name} has no result any more: Prometheus no longer has ${needs}.`,
			{ evidence: selectors },
		);
	if (kind === "grafana-alert")
		return makeReason(
			"alert-blind",
			`Grafana: ${name}`,
			`Grafana's alert ${name} has no data any more: Prometheus no longer has ${needs}.`,
			{ evidence: selectors },
		);
	return expressions.some((each) => /\babsent(_over_time)?\s*\(/.test(each))
		? makeReason(
				"alert-always-fires",
				name,
				`The alert ${name} fires as long as there is no ${needs}, and Prometheus no longer has it.`,
				{ evidence: selectors },
			)
		: makeReason(
				"alert-blind",
				name,
				`The alert ${name} can never fire again: Prometheus no longer has ${needs}.`,
				{ evidence: selectors },
			);
}

/** Few metrics by their names; the selectors are in the evidence. */
function namesOf(selectors: readonly string[]): string {
	const names = [
		...new Set(selectors.map((each) => each.split("{")[0] || each)),
	];
	const [first = "", second] = names;
	if (second === undefined) return `${first} with these labels`;
	return names.length === 2
		? `${first} and ${second} with these labels`
		: `${first} and ${names.length - 1} others with these labels`;
}
