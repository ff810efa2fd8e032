import { z } from "zod";
import type {
	ActiveTarget,
	Configuration,
} from "../clients/prometheus-schemas.ts";
import { formatDuration, parseDuration } from "../common/duration.ts";
import { parseAs } from "../common/parsing/parse-as.ts";

/** The labels by which relabelling can give a target another interval or time-out than its pool's. */
const timingLabels = ["__scrape_interval__", "__scrape_timeout__"] as const;
type TimingLabel = (typeof timingLabels)[number];

const relabelled = z.looseObject({
	relabel_configs: z
		.array(
			z.looseObject({
				target_label: z.string().optional(),
				replacement: z.string().optional(),
			}),
		)
		.default([]),
});
type ScrapeConfigs = Configuration["scrape_configs"];
type TimedTarget = Pick<
	ActiveTarget,
	"labels" | "scrapePool" | "scrapeInterval" | "scrapeTimeout"
>;

/**
 * Compares the interval and the time-out that each target really has with what it should have. Those of its pool do not
 * decide: relabelling can set both for each target.
 *
 * @param wanted milliseconds; undefined to want each pool's own interval
 * @returns a sentence for each target that has another; a target of which Prometheus reports neither has none
 */
export function findWrongTimings(
	active: readonly TimedTarget[],
	configs: ScrapeConfigs,
	wanted?: number,
): string[] {
	return active.flatMap((target) => {
		const config = configs.find(
			({ job_name }) => job_name === target.scrapePool,
		);
		const ofPool = config && parseDuration(config.scrape_interval);
		const due = wanted ?? ofPool;
		const { scrapeInterval, scrapeTimeout } = target;
		const problems: string[] = [];
		if (
			scrapeInterval !== undefined &&
			due !== undefined &&
			parseDuration(scrapeInterval) !== due
		) {
			const cause =
				ofPool === parseDuration(scrapeInterval)
					? ""
					: explain("__scrape_interval__", target.scrapePool, configs);
			problems.push(
				`an interval of ${scrapeInterval} instead of ${formatDuration(due)}${cause}`,
			);
		}
		if (
			scrapeInterval !== undefined &&
			scrapeTimeout !== undefined &&
			parseDuration(scrapeTimeout) > parseDuration(scrapeInterval)
		)
			problems.push(
				`a time-out of ${scrapeTimeout}, longer than its interval of ${scrapeInterval}${explain("__scrape_timeout__", target.scrapePool, configs)}`,
			);
		const pool = `pool ${target.scrapePool}, which is configured with ${config?.scrape_interval ?? "no interval"}`;
		return problems.map(
			(problem) =>
				`the target of job ${target.labels.job}, instance ${target.labels.instance} has ${problem} (${pool})`,
		);
	});
}

/** How many targets Prometheus reports without their interval or time-out, as a sentence; undefined if it reports all. */
export function describeUntimed(
	active: readonly Pick<TimedTarget, "scrapeInterval" | "scrapeTimeout">[],
): string | undefined {
	const untimed = active.filter(
		({ scrapeInterval, scrapeTimeout }) =>
			scrapeInterval === undefined || scrapeTimeout === undefined,
	);
	return untimed.length === 0
		? undefined
		: `Prometheus reports no interval or no time-out for ${untimed.length} of ${active.length} targets, as versions before 2.28 do: only their pools' were checked`;
}

/**
 * Why a pool may lack a target without having dropped it; undefined if relabelling does not set its timing. Prometheus
 * refuses a target whose time-out exceeds its interval, and only its log says so.
 */
export function whyRefused(
	pool: string,
	configs: ScrapeConfigs,
): string | undefined {
	const set = timingLabels.flatMap((label) =>
		valuesSet(label, pool, configs).map((value) => `${label} to ${value}`),
	);
	const interval = configs.find(
		({ job_name }) => job_name === pool,
	)?.scrape_interval;
	return set.length === 0
		? undefined
		: `its relabelling sets ${set.join(" and ")}, its interval is ${interval}, and Prometheus refuses targets whose time-out is longer than their interval`;
}

function explain(
	label: TimingLabel,
	pool: string,
	configs: ScrapeConfigs,
): string {
	const values = valuesSet(label, pool, configs);
	return values.length === 0
		? ""
		: `, because relabelling sets ${label} to ${values.join(" or ")}`;
}

/** The values that a pool's relabelling writes into a label. The default copies what was matched. */
function valuesSet(
	label: TimingLabel,
	pool: string,
	configs: ScrapeConfigs,
): string[] {
	const config = configs.find(({ job_name }) => job_name === pool);
	const { relabel_configs } = parseAs(
		relabelled,
		config ?? {},
		`scrape pool ${pool}`,
	);
	return relabel_configs
		.filter(({ target_label }) => target_label === label)
		.map(({ replacement = "$1" }) => replacement);
}
