import { z } from "zod";
import { GoRegex } from "../common/go-regex.ts";
import { parseAs } from "../common/parsing/parse-as.ts";

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

export function matches(
	{ operator, value }: Matcher,
	labelValue: string,
): boolean {
	const same =
		operator === "=" || operator === "!="
			? labelValue === value
			: GoRegex.whole(value).test(labelValue);
	return operator === "=" || operator === "=~" ? same : !same;
}

export function formatMatchers(matchers: readonly Matcher[]): string {
	return (
		matchers
			.map(({ label, operator, value }) => `${label}${operator}"${value}"`)
			.join(", ") || "everything"
	);
}

/** Values that fulfil a matcher, as far as they can be told from it. */
export function valuesFor(matcher: Matcher): string[] {
	const { operator, value } = matcher;
	const candidates =
		operator === "="
			? [value]
			: operator === "=~"
				? examplesOf(value)
				: ["", `not-${value.replaceAll(/\W/g, "") || "empty"}`];
	return candidates.filter((each) => matches(matcher, each));
}

/** Texts that a simple regular expression may match: its alternatives, with something for each wildcard. */
export function examplesOf(pattern: string): string[] {
	return pattern
		.replaceAll(/^\^|\$$|\(\?[ims]+\)|\(\?:/g, "")
		.split(/[|()]/)
		.map((each) => each.replaceAll(/\.[*+]|\[[^\]]*\][*+]?|\\w\+/g, "x"))
		.map((each) => each.replaceAll(/\\(.)/g, "$1"))
		.filter((each) => each !== "");
}

function isOperator(text: string | undefined): text is Matcher["operator"] {
	return text === "=" || text === "!=" || text === "=~" || text === "!~";
}

function unquote(text: string): string {
	return text.startsWith('"')
		? text.slice(1, -1).replaceAll(/\\(.)/g, "$1")
		: text;
}
