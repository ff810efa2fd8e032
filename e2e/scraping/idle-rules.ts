import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { formatDuration, parseDuration } from "../common/duration.ts";
import { metricsIn } from "../common/promql.ts";
import { readInputs } from "./rule-inputs.ts";

const absentInputs = z
	.array(z.strictObject({ metric: z.string(), reason: z.string().min(20) }))
	.min(1)
	.parse(
		parse(readFileSync(new URL("absent-inputs.yaml", import.meta.url), "utf8")),
	)
	.map(({ metric, reason }) => ({
		pattern: new RegExp(`^(?:${metric})$`),
		reason,
	}));

/** What Node Exporter and kube-state-metrics expose: the claim kube-metrics says what must be there. */
const ofKubeMetrics = /^(node|kube)_/;
/** What else the stack scrapes in every cluster. Other metrics are those of applications, which may not run here. */
const ofStack =
	/^(container|machine|kubelet|apiserver|coredns|prometheus|alertmanager|grafana|thanos|process|go|scrape)_|^up$/;

/** Whether a metric is one that the stack scrapes in every cluster; others are those of applications. */
export function isOfStack(metric: string): boolean {
	return ofKubeMetrics.test(metric) || ofStack.test(metric);
}

/** Why a recording rule has nothing to record, and whether that is a good reason. */
export interface IdleReason {
	readonly excused: boolean;
	readonly why: string;
}

/**
 * Finds out why an expression yields nothing.
 *
 * @param yields whether an expression yields something now
 * @param interval how often targets are scraped, in milliseconds
 */
export async function explainIdle(
	expression: string,
	yields: (expression: string) => Promise<boolean>,
	interval: number,
): Promise<IdleReason> {
	const metrics = metricsIn(expression);
	const { selectors, ranges, isConditional, hasAlternatives } =
		readInputs(expression);
	const missing: string[] = [];
	for (const metric of metrics)
		if (!(await yields(metric))) missing.push(metric);
	const isEnough = hasAlternatives && missing.length < metrics.length;
	const reasons = isEnough ? [] : missing.map(explainAbsent);
	const [first] = reasons;
	if (first) return reasons.find(({ excused }) => !excused) ?? first;
	for (const selector of selectors)
		if (!(await yields(selector)))
			return { excused: true, why: `no series matches ${selector}` };
	if (isConditional)
		return {
			excused: true,
			why: "its inputs exist, and none of them meets its condition",
		};
	const short = ranges.filter((range) => parseDuration(range) < 2 * interval);
	return {
		excused: false,
		why:
			short.length > 0
				? `its range of ${short.join(", ")} holds less than two scrapes, which are ${formatDuration(interval)} apart`
				: `${selectors.join(" and ") || "what it reads"} exists, and it yields nothing`,
	};
}

function explainAbsent(metric: string): IdleReason {
	const why = `Prometheus has no series ${metric}`;
	const known = absentInputs.find(({ pattern }) => pattern.test(metric));
	if (known) return { excused: true, why: `${why}: ${known.reason}` };
	if (metric.includes(":"))
		return { excused: true, why: `${why}: another rule would record it` };
	if (ofKubeMetrics.test(metric))
		return {
			excused: true,
			why: `${why}: claim kube-metrics says which must exist`,
		};
	return ofStack.test(metric)
		? { excused: false, why: `${why}: no target exposes it, or it is dropped` }
		: { excused: true, why: `${why}: nothing that runs here exposes it` };
}
