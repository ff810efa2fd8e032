import type {
	Configuration,
	RuleGroup,
} from "../clients/prometheus-schemas.ts";
import { parseDuration } from "../common/duration.ts";

/**
 * How old the newest sample of a metric may be that a stack still has, in milliseconds: two scrapes at the longest
 * interval, and one evaluation of the rule group with the longest. What is older is left over from before a change.
 */
export function freshnessOf(
	{
		global,
		scrape_configs,
	}: Pick<Configuration, "scrape_configs"> & {
		readonly global: Pick<Configuration["global"], "scrape_interval">;
	},
	groups: readonly Pick<RuleGroup, "interval">[],
): number {
	const scrapes = [global, ...scrape_configs].map((each) =>
		parseDuration(each.scrape_interval),
	);
	const evaluations = groups.map(({ interval }) => interval * 1000);
	return 2 * Math.max(...scrapes) + Math.max(0, ...evaluations);
}
