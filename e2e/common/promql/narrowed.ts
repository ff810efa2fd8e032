import {
	type LabelMatcher,
	matchersOf,
	type Selector,
	selectorsIn,
} from "./expressions.ts";
import { matches } from "./matcher.ts";

/** A condition on a label that selects less than before. */
export interface Narrowed {
	readonly metric: string;
	readonly label: string;
	/** e.g. `namespace=~".*"`, or `any namespace`. */
	readonly from: string;
	readonly to: string;
}

/**
 * Where a PromQL expression selects less than another one, by labels that it asks for. Only expressions that are the
 * same but for their conditions are judged, and none in which less may mean more.
 */
export function narrowedIn(from: string, to: string): Narrowed[] {
	if (/\b(unless|absent|absent_over_time)\b/i.test(to)) return [];
	const before = selectorsIn(from);
	const after = selectorsIn(to);
	const outline = outlineOf(from, before);
	if (outline === undefined || outline !== outlineOf(to, after)) return [];
	const found = after.flatMap((now, i) => {
		const old = before[i];
		return old ? narrowedBetween(old, now) : [];
	});
	return [
		...new Map(found.map((each) => [JSON.stringify(each), each])).values(),
	];
}

/** An expression without the conditions of its selectors, and without blanks. */
function outlineOf(
	expression: string,
	selectors: readonly Selector[],
): string | undefined {
	let rest = expression;
	let outline = "";
	for (const { metric, text } of selectors) {
		const place = rest.indexOf(text);
		if (place < 0) return undefined;
		outline += `${rest.slice(0, place)}{${metric}}`;
		rest = rest.slice(place + text.length);
	}
	return (outline + rest).replaceAll(/\s+/g, "");
}

function narrowedBetween(old: Selector, now: Selector): Narrowed[] {
	const before = positiveIn(old);
	return positiveIn(now).flatMap((to) => {
		const same = before.filter(({ label }) => label === to.label);
		const [from] = same;
		if (same.length > 1 || !isNarrower(from, to)) return [];
		return [
			{
				metric: now.metric,
				label: to.label,
				from: from ? format(from) : `any ${to.label}`,
				to: format(to),
			},
		];
	});
}

/** What a label has to be; an empty text is what a series without it has. */
function positiveIn(selector: Selector): LabelMatcher[] {
	return matchersOf(selector).filter(
		({ operator, value }) =>
			(operator === "=" || operator === "=~") && value !== "",
	);
}

function isNarrower(from: LabelMatcher | undefined, to: LabelMatcher): boolean {
	if (admitsAnything(to)) return false;
	if (!from || admitsAnything(from)) return true;
	const values = valuesOf(from);
	if (values) return values.some((each) => !isMatch(to, each));
	// Of two patterns nobody knows which one is wider.
	return valuesOf(to)?.every((each) => isMatch(from, each)) ?? false;
}

function admitsAnything(matcher: LabelMatcher): boolean {
	return ["some value", "0"].every((each) => isMatch(matcher, each));
}

function isMatch(matcher: LabelMatcher, value: string): boolean {
	try {
		return matches(matcher, value);
	} catch {
		return true;
	}
}

/** The values that alone satisfy a condition; undefined if it is a pattern. */
function valuesOf({ operator, value }: LabelMatcher): string[] | undefined {
	if (operator === "=") return [value];
	const alternatives = value.replace(/^\((.*)\)$/, "$1").split("|");
	return alternatives.every((each) => /^[\w/ :@-]+$/.test(each))
		? alternatives
		: undefined;
}

function format({ label, operator, value }: LabelMatcher): string {
	return `${label}${operator}${JSON.stringify(value)}`;
}
