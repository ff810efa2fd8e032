import { describeRule, type RelabelRule } from "./relabel-rule.ts";

/** What labels were made of by earlier rules. A label that is not in it is what it is. */
type LabelOrigins = ReadonlyMap<string, readonly string[]>;

/** A rule with the discovered or exposed labels that it decides by. */
export interface TracedRule {
	readonly rule: RelabelRule;
	readonly origins: readonly string[];
	/** What the labels after it were made of. */
	readonly after: LabelOrigins;
}

/**
 * Follows labels through rules: a rule may compare a hash or a copy instead of the label itself.
 *
 * @param before what the labels were made of by other rules
 */
export function traceLabels(
	rules: readonly RelabelRule[],
	before: LabelOrigins = new Map(),
): TracedRule[] {
	let known = before;
	return rules.map((rule) => {
		const { action, source_labels, target_label } = rule;
		const isComparison = /equal$/i.test(action);
		const origins = originsOf(
			isComparison && target_label
				? [...source_labels, target_label]
				: source_labels,
			known,
		);
		if (target_label && !isComparison) known = set(known, rule, origins);
		return { rule, origins, after: known };
	});
}

/** A rule that compares what other rules have made says what that was made of. */
export function describeTracedRule({ rule, origins }: TracedRule): string {
	const made = origins.filter((label) => !rule.source_labels.includes(label));
	return `${describeRule(rule)}${made.length > 0 ? `, made of ${made.join(", ")}` : ""}`;
}

function originsOf(
	labels: readonly string[],
	known: LabelOrigins,
): readonly string[] {
	return [...new Set(labels.flatMap((label) => known.get(label) ?? [label]))];
}

function set(
	known: LabelOrigins,
	{ action, modulus, target_label = "", regex, source_labels }: RelabelRule,
	origins: readonly string[],
): LabelOrigins {
	// The only remainder of a division by one is no property of a target. The operator does so without shards.
	if (/^hashmod$/i.test(action))
		return new Map(known).set(target_label, modulus === 1 ? [] : origins);
	// What does not match keeps the value that it had.
	const isSometimes = source_labels.length > 0 && regex !== undefined;
	const old = isSometimes ? (known.get(target_label) ?? []) : [];
	// A constant is known by the label's own name.
	const made = origins.length > 0 ? origins : [target_label];
	return new Map(known).set(target_label, [...new Set([...old, ...made])]);
}
