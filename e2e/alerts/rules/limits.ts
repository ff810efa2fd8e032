import { pick, uniqBy } from "es-toolkit";
import pLimit from "p-limit";
import type { PrometheusClient } from "../../clients/prometheus.ts";
import { promisedRepeats } from "../judge-alert.ts";
import type { AlertRule } from "../loaded-rules.ts";
import type { AlertLabels } from "../matchers.ts";
import { readWithoutFilters } from "./alerts-without-filters.ts";

/**
 * What alerts are about. By other labels, such as a phase or a status, one thing has several series, of which only one is
 * out of order at a time.
 */
const things = [
	"instance",
	"job",
	"node",
	"namespace",
	"pod",
	"container",
	"deployment",
	"statefulset",
	"daemonset",
	"cronjob",
	"job_name",
	"persistentvolume",
	"persistentvolumeclaim",
	"device",
	"mountpoint",
	"service",
	"name",
];

/**
 * Rules that give no alert at all if everything that they look at is out of order, as a sentence each: of more alerts than
 * a group's limit, Prometheus keeps none.
 */
export async function findExceededLimits(
	prometheus: Pick<PrometheusClient, "query">,
	rules: readonly AlertRule[],
): Promise<string[]> {
	const found = await pLimit(2).map(rules.filter(mayExceed), async (rule) => {
		const { labels, group, expression } = rule;
		const series = await readWithoutFilters(prometheus, expression);
		const about = uniqBy(series.map(identify), (each) => JSON.stringify(each));
		return about.length > group.limit
			? [
					`each critical and warning alert is to reach Slack, but rule group ${group.name} has limit ${group.limit}, and ${labels.alertname} looks at ${about.length} things, such as ${describe(about[0])}: if more than ${group.limit} are out of order, Prometheus fails the evaluation and sends no alert about any`,
				]
			: [];
	});
	return found.flat();
}

/** Whether a rule has a limit, and its comparisons alone decide how many alerts it gives. */
function mayExceed({ severities, group, expression }: AlertRule): boolean {
	return (
		group.limit > 0 &&
		severities.some((each) => Object.hasOwn(promisedRepeats, each)) &&
		!/\b(absent|absent_over_time|unless|and|topk|bottomk|limitk|limit_ratio)\b/i.test(
			expression,
		) &&
		// What has no partner on the other side is not compared.
		!/[=<>]\s*(bool\s*)?(on|ignoring)\b/i.test(expression)
	);
}

function identify(labels: AlertLabels): AlertLabels {
	return pick(labels, things);
}

function describe(labels: AlertLabels = {}): string {
	const text = Object.entries(labels).map(
		([name, value]) => `${name}=${JSON.stringify(value)}`,
	);
	return `{${text.join(", ")}}`;
}
