import { z } from "zod";
import { parseAs } from "../common/parsing/parse-as.ts";
import { matches } from "../common/promql/matcher.ts";
import {
	isEnumeration,
	makeExamples,
} from "../common/relabelling/regex-examples.ts";

/** A set of labels, as an alert has them. */
export type AlertLabels = Readonly<Record<string, string>>;

/** One condition on a label. A label that is missing is the same as an empty one. */
export interface Matcher {
	readonly label: string;
	readonly operator: "=" | "!=" | "=~" | "!~";
	readonly value: string;
}

const text =
	/^\s*("(?:[^"\\]|\\.)*"|[^\s=!~"]+)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|[^,]*?)\s*(?:,|$)/;

/** Reads matchers as Alertmanager writes them, e.g. `severity = "critical"` or `{a="b", c=~"d|e"}`. */
export function parseMatchers(line: string): Matcher[] {
	const matchers: Matcher[] = [];
	let rest = line.trim().replace(/^\{(.*)\}$/s, "$1");
	while (rest.trim()) {
		const [whole = "", label = "", operator, value = ""] =
			text.exec(rest) ?? [];
		if (!isOperator(operator))
			throw new Error(`not a matcher of Alertmanager: ${line}`);
		matchers.push({ label: unquote(label), operator, value: unquote(value) });
		rest = rest.slice(whole.length);
	}
	return matchers;
}

const pairs = z.record(z.string(), z.string()).default({});

/** The matchers of a route or of a side of an inhibition rule, in today's form and in the older ones. */
export function collectMatchers(
	matchers: readonly string[],
	equal: unknown,
	regex: unknown,
): Matcher[] {
	const older = (of: unknown, operator: "=" | "=~") =>
		Object.entries(
			parseAs(pairs, of ?? {}, "a match of Alertmanager's configuration"),
		).map(([label, value]) => ({
			label,
			operator,
			value,
		}));
	return [
		...matchers.flatMap(parseMatchers),
		...older(equal, "="),
		...older(regex, "=~"),
	];
}

export function matchesAll(
	matchers: readonly Matcher[],
	labels: AlertLabels,
): boolean {
	return matchers.every((each) => matches(each, labels[each.label] ?? ""));
}

/** Whether matchers allow an alert with some labels, whatever its others are. */
export function allowsAlert(
	matchers: readonly Matcher[],
	labels: AlertLabels,
): boolean {
	return matchers.every((each) => {
		const value = labels[each.label];
		return value === undefined || matches(each, value);
	});
}

export function formatMatchers(matchers: readonly Matcher[]): string {
	return (
		matchers
			.map(({ label, operator, value }) => `${label}${operator}"${value}"`)
			.join(", ") || "everything"
	);
}

/** Values of a label on which a matcher decides: those that it names, to take or to leave out, and others if it leaves some out. */
export function decisiveValues({ operator, value }: Matcher): string[] {
	const isRegex = operator === "=~" || operator === "!~";
	const named = isRegex ? makeExamples(value) : [value];
	return operator === "=" || operator === "=~"
		? named
		: [...named, "", "another"];
}

/** Matchers of which no example could be made, so that nobody can tell whom they match. */
export function findUnclear(matchers: readonly Matcher[]): Matcher[] {
	return matchers.filter(
		({ operator, value }) =>
			(operator === "=~" || operator === "!~") &&
			makeExamples(value).length === 0,
	);
}

/** Whether a matcher writes out every value that it names; a pattern such as `Kube.+` leaves them open. */
export function namesAll({ operator, value }: Matcher): boolean {
	return operator === "=" || operator === "!=" || isEnumeration(value);
}

function isOperator(text: string | undefined): text is Matcher["operator"] {
	return text === "=" || text === "!=" || text === "=~" || text === "!~";
}

/** As Alertmanager: any other backslash is one, so that `"\\d"` is a digit. */
function unquote(text: string): string {
	return text.startsWith('"')
		? text
				.slice(1, -1)
				.replaceAll(/\\(["\\n])/g, (_, escaped: string) =>
					escaped === "n" ? "\n" : escaped,
				)
		: text;
}
