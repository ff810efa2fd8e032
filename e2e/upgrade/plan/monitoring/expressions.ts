import { memoize } from "es-toolkit";
import { syntaxErrorIn } from "../../../common/promql/expressions.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import type { Side } from "../charts/side.ts";
import { versionOf } from "../known/versions.ts";
import { templateErrorIn } from "./go-template/parse.ts";
import { type DeclaredRule, selectedRules } from "./rule-schema.ts";

/** Rules that Prometheus refuses, and did not refuse before: the operator leaves their whole object out. */
export function compareExpressions(a: Side, b: Side): Reason[] {
	const before = new Set(
		selectedRules(a).flatMap((rule) => problemsOf(rule, a)),
	);
	return selectedRules(b).flatMap((rule) => {
		const problems = problemsOf(rule, b).filter((each) => !before.has(each));
		return problems.length === 0
			? []
			: [refusedRule(rule.object, rule.alert ?? rule.record ?? "", problems)];
	});
}

/** @param name that of the rule; empty if it is about all rules of the object */
export function refusedRule(
	object: string,
	name: string,
	problems: readonly string[],
): Reason {
	return makeReason(
		"expression-refused",
		`${object} ${name}`.trim(),
		`Prometheus refuses ${name ? `the rule ${name}` : `the rules of ${object}`}: ${problems[0]}. The operator leaves all rules of ${object} out.`,
		{ evidence: problems.slice(1) },
	);
}

function problemsOf(rule: DeclaredRule, side: Side): string[] {
	const syntax = expressionError(rule.expr);
	return [
		...(syntax === undefined
			? []
			: [`${rule.expr.trim()} does not parse: ${syntax}`]),
		...oddNames(rule, side),
		...Object.entries({ ...rule.labels, ...rule.annotations }).flatMap(
			([name, text]) => {
				const problem = templateErrorIn(text);
				return problem === undefined
					? []
					: [`the template of ${name} does not parse: ${problem}`];
			},
		),
	];
}

/** Since 3, names of metrics and labels may have any character. */
function oddNames({ record, labels }: DeclaredRule, side: Side): string[] {
	const major = versionOf(side, "prometheus")?.major ?? 3;
	if (major >= 3) return [];
	return [
		...(record !== undefined && !/^[a-zA-Z_:][\w:]*$/.test(record)
			? [`"${record}" is no name of a metric`]
			: []),
		...Object.keys(labels)
			.filter((name) => !/^[a-zA-Z_]\w*$/.test(name))
			.map((name) => `"${name}" is no name of a label`),
	];
}

/** Most rules of a chart are the same on both sides. */
const expressionError = memoize((expression: string) =>
	syntaxErrorIn(expression),
);
