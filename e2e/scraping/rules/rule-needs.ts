import { isOfStack } from "./idle-rules.ts";
import type { RecordedRule } from "./recorded-rules.ts";

/**
 * A rule that waits for another one's series is excused only if that one is: it has recorded, or has a good reason.
 *
 * @param loaded the names of all recording rules, those that are judged elsewhere included
 */
export function settleNeeds(
	rules: readonly RecordedRule[],
	loaded: readonly string[],
): RecordedRule[] {
	const judged = new Set(rules.map(({ name }) => name));
	const names = new Set(loaded);
	const isFine = ({ outcome, needs }: RecordedRule): boolean =>
		outcome !== "missing" &&
		needs.every((need) => whyUnmet(need) === undefined);
	const fine = new Set<string>();
	const whyUnmet = (need: string): string | undefined => {
		if (!names.has(need))
			// Loki's ruler writes what it makes of logs, which no rule of Prometheus records.
			return need.split(":").slice(1).some(isOfStack)
				? `no loaded rule records ${need}`
				: undefined;
		return fine.has(need) || !judged.has(need)
			? undefined
			: `the rule that records ${need} has no series either`;
	};
	for (let size = -1; size < fine.size; ) {
		size = fine.size;
		for (const each of rules) if (isFine(each)) fine.add(each.name);
	}
	return rules.map((each) => {
		const unmet = each.needs.flatMap((need) => whyUnmet(need) ?? []);
		return each.outcome === "excused" && unmet.length > 0
			? {
					...each,
					outcome: "missing",
					why: unmet.join(", and "),
					// It ends with the rule that it waits for, which is missing, too. One that is not loaded may still be.
					until: each.needs.every((need) => names.has(need))
						? "scraped"
						: "rounds",
				}
			: each;
	});
}
