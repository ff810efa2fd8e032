import { z } from "zod";
import { parseNumber } from "./exposition.ts";

const labels = z.record(z.string(), z.string());

/** The envelope that Prometheus puts around the data of an answer. */
export function makeAnswer<T>(data: z.ZodType<T>) {
	return z.object({ status: z.literal("success"), data });
}

const sample = z
	.tuple([z.number(), z.string()])
	.transform(([seconds, value]) => ({
		/** Milliseconds, as Prometheus stores them. */
		timestamp: Math.round(seconds * 1000),
		value: parseNumber(value),
	}));

export const vector = z.object({
	resultType: z.literal("vector"),
	result: z.array(z.object({ metric: labels, value: sample })),
});
export type InstantSeries = z.infer<typeof vector>["result"][number];

export const matrix = z.object({
	resultType: z.literal("matrix"),
	result: z.array(z.object({ metric: labels, values: z.array(sample) })),
});
export type RangeSeries = z.infer<typeof matrix>["result"][number];

/** The result of a scalar is a pair, that of everything else a list of series. */
export const anyResult = z.looseObject({ result: z.array(z.unknown()) });

const activeTarget = z.looseObject({
	discoveredLabels: labels,
	labels,
	scrapePool: z.string(),
	scrapeUrl: z.string(),
	lastError: z.string(),
	lastScrape: z.string(),
	health: z.enum(["up", "down", "unknown"]),
	/** The target's own, which relabelling can set. Since Prometheus 2.28, as the time-out. */
	scrapeInterval: z.string().optional(),
	scrapeTimeout: z.string().optional(),
});
export type ActiveTarget = z.infer<typeof activeTarget>;

const droppedTarget = z
	.looseObject({ discoveredLabels: labels, scrapePool: z.string().optional() })
	.transform(({ discoveredLabels, scrapePool }) => ({
		discoveredLabels,
		// Older versions leave the pool out; before relabelling, the label `job` is the pool's name.
		scrapePool: scrapePool ?? discoveredLabels.job ?? "",
	}));

export const targets = z
	.looseObject({
		// A list that was not asked for is left out.
		activeTargets: z.array(activeTarget).nullish(),
		droppedTargets: z.array(droppedTarget).nullish(),
		/** By the pool's name; since Prometheus 2.48. The list may be shorter (`keep_dropped_targets`). */
		droppedTargetCounts: z.record(z.string(), z.number()).nullish(),
	})
	.transform(({ activeTargets, droppedTargets, droppedTargetCounts }) => ({
		active: activeTargets ?? [],
		dropped: droppedTargets ?? [],
		droppedCounts: droppedTargetCounts ?? {},
	}));
export type Targets = z.infer<typeof targets>;

export const scrapePools = z
	.object({ scrapePools: z.array(z.string()) })
	.transform(({ scrapePools: names }) => names);

const rule = z.looseObject({
	type: z.enum(["alerting", "recording"]),
	name: z.string(),
	query: z.string(),
	health: z.enum(["ok", "err", "unknown"]),
	lastError: z.string().default(""),
	/** The zero time before the first evaluation. */
	lastEvaluation: z.coerce.date(),
	labels: labels.default({}),
	/** Of an alerting rule. */
	annotations: labels.optional(),
	state: z.enum(["unknown", "inactive", "pending", "firing"]).optional(),
});
export type Rule = z.infer<typeof rule>;

const ruleGroup = z.looseObject({
	name: z.string(),
	file: z.string(),
	interval: z.number(),
	/** Of more alerts or series, the evaluation fails; 0 is no limit. */
	limit: z.number().optional(),
	rules: z.array(rule),
});
export type RuleGroup = z.infer<typeof ruleGroup>;
export const ruleGroups = z
	.object({ groups: z.array(ruleGroup) })
	.transform(({ groups }) => groups);

const alert = z.looseObject({
	labels,
	annotations: labels.default({}),
	state: z.enum(["pending", "firing", "inactive"]),
	activeAt: z.string().optional(),
});
export type Alert = z.infer<typeof alert>;
export const alerts = z.object({ alerts: z.array(alert) });

export const alertmanagers = z
	.object({ activeAlertmanagers: z.array(z.object({ url: z.string() })) })
	.transform(({ activeAlertmanagers: all }) => all.map(({ url }) => url));

const scrapeConfig = z.looseObject({
	job_name: z.string(),
	scrape_interval: z.string(),
	/** Whether the labels that a target exposes win over its own; Prometheus leaves out the default, false. */
	honor_labels: z.boolean().optional(),
	/** How many dropped targets Prometheus lists; 0 means all. */
	keep_dropped_targets: z.number().optional(),
	kubernetes_sd_configs: z
		.array(
			z.looseObject({
				selectors: z.array(z.unknown()).optional(),
				/** Without names, all. */
				namespaces: z
					.looseObject({ names: z.array(z.string()).optional() })
					.optional(),
			}),
		)
		.optional(),
});
export type ScrapeConfig = z.infer<typeof scrapeConfig>;

/** The loaded configuration, parsed from its YAML. */
export const configuration = z.looseObject({
	global: z.looseObject({
		scrape_interval: z.string(),
		evaluation_interval: z.string().optional(),
		external_labels: labels.default({}),
	}),
	scrape_configs: z.array(scrapeConfig).default([]),
});
export type Configuration = z.infer<typeof configuration>;
export const configurationText = z
	.object({ yaml: z.string() })
	.transform(({ yaml }) => yaml);

export const flags = z.record(z.string(), z.string());

export const runtimeInfo = z.looseObject({
	startTime: z.string(),
	corruptionCount: z.number(),
	/** e.g. `6d or 8GiB`; either may be missing. */
	storageRetention: z.string(),
});
export type RuntimeInfo = z.infer<typeof runtimeInfo>;

export const tsdbStatus = z.looseObject({
	headStats: z.looseObject({
		numSeries: z.number(),
		/** Milliseconds; the head's oldest sample. */
		minTime: z.number(),
		/** Milliseconds; the head's newest sample. */
		maxTime: z.number(),
	}),
});
export type TsdbStatus = z.infer<typeof tsdbStatus>;
