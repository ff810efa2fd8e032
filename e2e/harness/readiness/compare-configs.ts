import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { z } from "zod";
import { parseLoaded } from "../../clients/loaded-config.ts";
import { parseDuration } from "../../common/duration.ts";
import { parseAs } from "../../common/parsing/parse-as.ts";

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const milliseconds = z.string().transform(parseDuration);

// Prometheus returns its configuration with its defaults written out; the operator leaves most of them out.
const relabelling = z.object({
	source_labels: z.array(text).default([]),
	separator: text.default(";"),
	regex: text.default("(.*)"),
	modulus: z.number().default(0),
	target_label: text.default(""),
	replacement: text.default("$1"),
	action: z.string().toLowerCase().default("replace"),
});
const scrapeConfig = z.object({
	job_name: z.string(),
	scrape_interval: milliseconds.optional(),
	metrics_path: z.string().default("/metrics"),
	scheme: z.string().default("http"),
	honor_labels: z.boolean().default(false),
	relabel_configs: z.array(relabelling).default([]),
	metric_relabel_configs: z.array(relabelling).default([]),
	kubernetes_sd_configs: z
		.array(
			z.object({
				role: z.string(),
				namespaces: z
					.object({ names: z.array(z.string()).default([]) })
					.prefault({}),
			}),
		)
		.default([]),
});
/** What decides which targets are found, how often each is scraped, and which rules are read. */
const configuration = z
	.object({
		global: z
			.object({
				scrape_interval: milliseconds.default(60_000),
				external_labels: z.record(z.string(), text).default({}),
			})
			.prefault({}),
		rule_files: z.array(z.string()).default([]),
		scrape_configs: z.array(scrapeConfig).default([]),
	})
	.transform(({ scrape_configs, ...others }) => ({
		others,
		jobs: new Map(
			scrape_configs.map((each) => [
				each.job_name,
				{
					...each,
					scrape_interval:
						each.scrape_interval ?? others.global.scrape_interval,
				},
			]),
		),
	}));

/**
 * Compares the configuration that Prometheus has loaded with the one that the operator rendered, both in YAML.
 *
 * @param pod Prometheus' pod: the reloader fills in its name
 * @returns a sentence for each part that differs; none if Prometheus has loaded what was rendered
 */
export function compareConfigs(
	rendered: string,
	loaded: string,
	pod: string,
): string[] {
	const wanted = read(
		parse(
			// One pod is one shard, number 0.
			rendered.replaceAll("$(POD_NAME)", pod).replaceAll("$(SHARD)", "0"),
		),
	);
	const found = read(parseLoaded(loaded));
	return [
		...(isDeepStrictEqual(wanted.others, found.others)
			? []
			: ["its global part or its rule files differ from what was rendered"]),
		...[...found.jobs.keys()]
			.filter((name) => !wanted.jobs.has(name))
			.map((name) => `it still has job ${name}`),
		...[...wanted.jobs].flatMap(([name, job]) => {
			if (!found.jobs.has(name)) return [`job ${name} is missing`];
			return isDeepStrictEqual(found.jobs.get(name), job)
				? []
				: [`its job ${name} differs from what was rendered`];
		}),
	];
}

function read(parsed: unknown) {
	return parseAs(configuration, parsed ?? {}, "a configuration");
}
