import pLimit from "p-limit";
import type { PrometheusClient } from "../../clients/prometheus.ts";
import {
	describeStep,
	type RelabelStep,
	relabelWith,
} from "../../common/relabelling/relabel.ts";
import { promisedRepeats } from "../judge-alert.ts";
import type { AlertRule } from "../loaded-rules.ts";
import type { AlertLabels } from "../matchers.ts";
import { readWithoutFilters } from "../rules/alerts-without-filters.ts";

/** What alerts are told apart by. That of a pod may be left out on purpose: its owner is meant then. */
interface Source {
	readonly label: string;
	readonly plural: string;
	/** What an alert is about; undefined if this label does not tell. */
	read(labels: AlertLabels, sent: AlertLabels): string | undefined;
}

const sources: readonly Source[] = [
	{
		label: "instance",
		plural: "instances",
		// A pod may have several ports.
		read: ({ instance }) => instance?.replace(/:\d+$/, ""),
	},
	{ label: "node", plural: "nodes", read: ({ node }) => node },
	{
		label: "device",
		plural: "devices",
		// Disks and file systems. Of a network's devices most are pods' ends, which come and go with them.
		read: ({ device, mountpoint }) =>
			mountpoint || /^(sd|hd|vd|xvd|nvme|mmcblk)/.test(device ?? "")
				? device
				: undefined,
	},
	{
		label: "mountpoint",
		plural: "mount points",
		// One device may be mounted several times: then there is one alert for it.
		read: ({ device, mountpoint }, sent) =>
			device && sent.device === device ? undefined : mountpoint,
	},
	{
		label: "persistentvolumeclaim",
		plural: "volume claims",
		read: ({ persistentvolumeclaim }) => persistentvolumeclaim,
	},
];

/**
 * Rules whose alerts about several nodes, disks or volume claims are one after relabelling, as a sentence: with the end of
 * one, the other has ended for Alertmanager, too. Of each rule that is tried which alerts it would make of what is there
 * now.
 *
 * @param relabelling one list for each Alertmanager
 */
export async function findMergedAlerts(
	prometheus: Pick<PrometheusClient, "query">,
	rules: readonly AlertRule[],
	relabelling: readonly (readonly RelabelStep[])[],
): Promise<string[]> {
	const changing = relabelling.filter((steps) => steps.some(changesSource));
	if (changing.length === 0) return [];
	const found = await pLimit(2).map(rules.filter(isClear), async (rule) => {
		const series = await readWithoutFilters(prometheus, rule.expression);
		const alerts = series.map((labels) => ({ ...labels, ...rule.labels }));
		return changing.flatMap((steps) =>
			findMerged(alerts, steps).map(({ of, examples }) => ({
				steps,
				of,
				example: `${rule.labels.alertname} of ${examples}`,
			})),
		);
	});
	return changing.flatMap((steps) => {
		const by = steps.filter(changesSource).map(describeStep).join(" and ");
		return sources.flatMap(({ plural }) => {
			const own = found
				.flat()
				.filter((each) => each.steps === steps && each.of === plural);
			const [first] = own;
			return first
				? [
						`each critical and warning alert is to reach Slack, but alert relabelling of Prometheus (${by}) makes one alert of those about several ${plural}, which then ends when one of them does: ${own.length === 1 ? "" : `${own.length} rules, `}such as ${first.example}`,
					]
				: [];
		});
	});
}

/** Whether it is known which alerts a rule makes: a label by a template may tell them apart, and what is absent is one. */
function isClear({ labels, sets, expression }: AlertRule): boolean {
	return (
		Object.keys(promisedRepeats).includes(labels.severity ?? "") &&
		sets.every((name) => name in labels) &&
		!/\babsent(_over_time)?\s*\(/.test(expression)
	);
}

function changesSource(step: RelabelStep): boolean {
	return sources.some(
		({ label }) =>
			step.target_label === label ||
			(/^label(drop|keep)$/.test(step.action) &&
				!relabelWith([step], { [label]: "any" })?.[label]),
	);
}

/** By what the first alerts that are the same after some steps differ before: the first such source. */
function findMerged(
	alerts: readonly AlertLabels[],
	steps: readonly RelabelStep[],
): { readonly of: string; readonly examples: string }[] {
	const seen = new Map<string, AlertLabels>();
	for (const labels of alerts) {
		const sent = relabelWith(steps, labels);
		if (!sent) continue;
		const key = JSON.stringify(Object.entries(sent).sort());
		const other = seen.get(key);
		const source =
			other && sources.find((each) => differ(each, other, labels, sent));
		if (other && source) {
			const { label, plural } = source;
			return [{ of: plural, examples: `${other[label]} and ${labels[label]}` }];
		}
		seen.set(key, labels);
	}
	return [];
}

function differ(
	{ read }: Source,
	one: AlertLabels,
	other: AlertLabels,
	sent: AlertLabels,
): boolean {
	const values = [read(one, sent), read(other, sent)];
	return values.every(Boolean) && values[0] !== values[1];
}
