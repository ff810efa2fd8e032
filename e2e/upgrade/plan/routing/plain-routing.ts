import {
	cloneDeepWith,
	isEqual,
	isPlainObject,
	mapValues,
	omitBy,
} from "es-toolkit";
import {
	collectMatchers,
	type Matcher,
	parseMatchers,
} from "../../../alerts/matchers.ts";
import { plainDuration } from "../api/plain-amounts.ts";
import { asObject, at, show } from "../charts/fields.ts";

/**
 * A part of Alertmanager's configuration in one form: without what Alertmanager takes anyway, and with matchers in one way
 * of writing. See https://prometheus.io/docs/alerting/latest/configuration/.
 */
export function plainRoute(
	route: unknown,
	inherited: Readonly<Record<string, unknown>> = rootDefaults,
): unknown {
	if (!isPlainObject(route)) return route;
	const { matchers, match, match_re, object_matchers, routes, ...fields } =
		asObject(route);
	const rest = mapValues(fields, (value, name) =>
		setsOfRoute.has(name) && Array.isArray(value) ? [...value].sort() : value,
	);
	const own = omitBy(
		rest,
		(value, name) =>
			isEqual(value, inherited[String(name)]) ||
			(name === "continue" && value === false) ||
			isEqual(value, []),
	);
	const passedOn = {
		...inherited,
		...Object.fromEntries(
			Object.entries(rest).filter(
				([name, value]) => name in rootDefaults && !isEqual(value, []),
			),
		),
	};
	const children = Array.isArray(routes)
		? routes.map((each: unknown) => plainRoute(each, passedOn))
		: [];
	const conditions = plainMatchers(
		[matchers, object_matchers],
		match,
		match_re,
	);
	return {
		...own,
		...(!isEqual(conditions, []) && { matchers: conditions }),
		...(children.length > 0 && { routes: children }),
	};
}

/** What a route inherits from the one above, and the root from nobody. */
const rootDefaults: Readonly<Record<string, unknown>> = {
	receiver: undefined,
	group_by: undefined,
	group_wait: "30s",
	group_interval: "5m",
	repeat_interval: "4h",
};

const setsOfRoute = new Set<PropertyKey>([
	"group_by",
	"mute_time_intervals",
	"active_time_intervals",
]);

/** How long Alertmanager waits, in one form each. */
export function withPlainWaits(content: unknown): unknown {
	return cloneDeepWith(content, (value: unknown, key) =>
		typeof value === "string" && /_(wait|interval|timeout)$/.test(String(key))
			? plainDuration(value)
			: undefined,
	);
}

/** An inhibition rule; in which order they stand means nothing. */
export function plainInhibition(rule: unknown): unknown {
	const sideOf = (side: string) =>
		plainMatchers(
			[at(rule, `${side}_matchers`)],
			at(rule, `${side}_match`),
			at(rule, `${side}_match_re`),
		);
	const equal = at(rule, "equal");
	return {
		source: sideOf("source"),
		target: sideOf("target"),
		equal: Array.isArray(equal) ? [...equal].sort() : [],
	};
}

/** e.g. `severity="critical" mutes severity="warning" of the same namespace` */
export function describePlainInhibition(plain: unknown): string {
	const side = (name: string) => {
		const found = at(plain, name);
		return Array.isArray(found) &&
			found.every((each) => typeof each === "string")
			? found.join(", ") || "any alert"
			: show(found);
	};
	const equal = at(plain, "equal");
	const same =
		Array.isArray(equal) && equal.length > 0
			? ` of the same ${equal.join(", ")}`
			: "";
	return `${side("source")} mutes ${side("target")}${same}`;
}

/** All conditions hold, so their order means nothing. What cannot be read stays as it is. */
function plainMatchers(
	lists: readonly unknown[],
	equal: unknown,
	regex: unknown,
): unknown {
	try {
		const lines = lists.flatMap((list) =>
			Array.isArray(list) ? list.map(matcherLine) : [],
		);
		// Both must be readable before they are put together.
		lines.forEach(parseMatchers);
		return collectMatchers(lines, equal ?? {}, regex ?? {})
			.map(write)
			.sort();
	} catch {
		return [...lists, equal, regex];
	}
}

/** Grafana also knows matchers as `[label, operator, value]`, whose values may be in quotes. */
function matcherLine(matcher: unknown): string {
	if (!Array.isArray(matcher)) return String(matcher);
	const [label, operator, value] = matcher.map(String);
	return `${label}${operator}${JSON.stringify(value?.replaceAll(/^"|"$/g, ""))}`;
}

function write({ label, operator, value }: Matcher): string {
	return `${label}${operator}${JSON.stringify(value)}`;
}
