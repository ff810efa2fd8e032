/** The part of a relabelling rule that says which labels it reads and writes, with defaults or without. */
export interface RelabelSource {
	readonly action: string;
	readonly source_labels: readonly string[];
	readonly target_label?: string | undefined;
	/** Undefined or `(.*)` stands for one that matches everything. */
	readonly regex?: string | undefined;
	readonly modulus?: number | undefined;
}

/** What labels were made of by earlier rules. A label that is not in it is what it is. */
type LabelOrigins = ReadonlyMap<string, readonly string[]>;

/** A rule with the discovered or exposed labels that it decides by. */
export interface TracedRule<Rule extends RelabelSource> {
	readonly rule: Rule;
	readonly origins: readonly string[];
	/** What the labels after it were made of. */
	readonly after: LabelOrigins;
}

/**
 * Follows labels through rules: a rule may compare a hash or a copy instead of the label itself.
 *
 * @param before what the labels were made of by other rules
 */
export function traceLabels<Rule extends RelabelSource>(
	rules: readonly Rule[],
	before: LabelOrigins = new Map(),
): TracedRule<Rule>[] {
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

/** Says what the labels that a rule reads were made of by other rules, e.g. `, made of namespace`; empty if of nothing else. */
export function describeOrigins({
	rule,
	origins,
}: TracedRule<RelabelSource>): string {
	const made = origins.filter(
		(label) =>
			!rule.source_labels.includes(label) && label !== rule.target_label,
	);
	return made.length > 0 ? `, made of ${made.join(", ")}` : "";
}

function originsOf(
	labels: readonly string[],
	known: LabelOrigins,
): readonly string[] {
	return [...new Set(labels.flatMap((label) => known.get(label) ?? [label]))];
}

function set(
	known: LabelOrigins,
	{ action, modulus, target_label = "", regex, source_labels }: RelabelSource,
	origins: readonly string[],
): LabelOrigins {
	// The only remainder of a division by one is no property of a target. The operator does so without shards.
	if (/^hashmod$/i.test(action))
		return new Map(known).set(target_label, modulus === 1 ? [] : origins);
	// What does not match keeps the value that it had.
	const isSometimes =
		source_labels.length > 0 && regex !== undefined && regex !== "(.*)";
	const old = isSometimes ? (known.get(target_label) ?? []) : [];
	// A constant is known by the label's own name.
	const made = origins.length > 0 ? origins : [target_label];
	return new Map(known).set(target_label, [...new Set([...old, ...made])]);
}
