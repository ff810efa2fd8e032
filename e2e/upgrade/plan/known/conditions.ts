import { z } from "zod";
import { dataOf } from "../charts/data.ts";
import { at } from "../charts/fields.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { type MetricUser, metricUsers } from "../metrics/users.ts";
import { leavesOf, printPath } from "../values/values.ts";
import { isSwitchedOn } from "./grafana-switch.ts";

const pattern = z.string().transform((text, context) => {
	try {
		return new RegExp(text, "m");
	} catch (error) {
		context.addIssue(`${text} is not a regular expression: ${error}`);
		return z.NEVER;
	}
});
const not = z.boolean().default(false);
/** `set`, `absent`, or the value itself. */
const is = z.string();

/** Something that a fact needs to be true of the new chart as it is rendered, or of the person's values. */
export const condition = z.union([
	/** A field of an object of a kind. */
	z.strictObject({ kind: z.string(), path: z.string(), is, not }),
	z.strictObject({ kind: z.string(), path: z.string(), matches: pattern, not }),
	/** An entry of a ConfigMap or a Secret. */
	z.strictObject({
		kind: z.string(),
		entry: z.string(),
		matches: pattern,
		not,
	}),
	/** Any entry. */
	z.strictObject({ kind: z.string(), text: pattern, not }),
	/** One of these switches of Grafana, such as `alerting.enabled`, is on. */
	z.strictObject({ grafana: z.array(z.string()), not }),
	/** An expression of a rule or of a dashboard, or only of one of them. */
	z.strictObject({
		expression: pattern,
		of: z.enum(["rule", "dashboard"]).optional(),
		not,
	}),
	/** A value that the person sets, by its path. */
	z.strictObject({ value: pattern, is, not }),
	z.strictObject({ value: pattern, matches: pattern, not }),
]);
export type Condition = z.infer<typeof condition>;

export function isMet(each: Condition, side: Side): boolean {
	return isTrue(each, side) !== each.not;
}

function isTrue(each: Condition, side: Side): boolean {
	if ("grafana" in each)
		return each.grafana.some((name) => isSwitchedOn(side, name));
	if ("expression" in each)
		return metricUsers(side).some(
			({ kind, expressions }) =>
				(each.of ?? userOf(kind)) === userOf(kind) &&
				expressions.some((text) => each.expression.test(text)),
		);
	if ("value" in each) {
		const found = leavesOf(side.stack?.values ?? side.values)
			.filter(({ path }) => each.value.test(printPath(path)))
			.map(({ value }) => value);
		return "is" in each
			? matchesAny(each.is, found)
			: found.some((value) => each.matches.test(String(value)));
	}
	const objects = objectsOf(side, each.kind);
	if ("path" in each) {
		const found = objects.map((object) => at(object, each.path));
		return "is" in each
			? objects.length > 0 && matchesAny(each.is, found)
			: found.some((value) => each.matches.test(JSON.stringify(value) ?? ""));
	}
	const texts = objects.flatMap((object) =>
		[...dataOf(object)].filter(
			([key]) => !("entry" in each) || key === each.entry,
		),
	);
	const wanted = "text" in each ? each.text : each.matches;
	return texts.some(([, text]) => wanted.test(text));
}

function userOf(kind: MetricUser["kind"]): "rule" | "dashboard" {
	return kind === "dashboard" ? kind : "rule";
}

function matchesAny(wanted: string, found: readonly unknown[]): boolean {
	const set = found.filter((each) => each !== undefined && each !== null);
	if (wanted === "absent") return set.length === 0;
	if (wanted === "set") return set.length > 0;
	return set.some((each) => String(each) === wanted);
}
