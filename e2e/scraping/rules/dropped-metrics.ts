import { pick, uniqBy } from "es-toolkit";
import {
	makeSelector,
	matchersOf,
	type Selector,
	withoutMatchers,
} from "../../common/promql/expressions.ts";
import { matches } from "../../common/promql/matcher.ts";
import type { RelabelStep } from "../../common/relabelling/relabel.ts";
import { describeLoss } from "../losing-step.ts";
import { readMetricRelabelling } from "../series-labels.ts";
import { isOfEveryCluster } from "./every-cluster.ts";
import { type LabelSources, ofTarget } from "./label-misfits.ts";
import { findStepAgainst, namesMetric } from "./lost-series.ts";

/** Prometheus makes these itself, and relabels none of them. */
const ofScrapes = /^(up|scrape_.+)$/;

/** The steps of relabelling by which a pool stores nothing of what a selector asks for. */
interface Losing {
	readonly pool: string;
	readonly step: RelabelStep;
}

/** Which pool's relabelling drops what a selector asks for, and names its metric for that, as a clause; undefined if none does. */
export function whyDropped(
	selector: Selector,
	sources: Pick<LabelSources, "targets" | "configs">,
): string | undefined {
	const named = listLosing(selector, sources).find(({ step }) =>
		namesMetric(step, selector),
	);
	return named && describeLoss(named.pool, named.step);
}

/**
 * The same of a selector that has no series. Where other series of its metric are stored, or where it asks for targets of
 * what every cluster has, any relabelling counts by which nothing is left, such as a list of what is kept.
 *
 * @param isStored whether an expression selects series that Prometheus still gets
 */
export async function whySelectedLost(
	selector: Selector,
	sources: Pick<LabelSources, "targets" | "configs">,
	isStored: (selector: string) => Promise<boolean>,
): Promise<string | undefined> {
	const { metric } = selector;
	if (!metric || metric.includes(":") || ofScrapes.test(metric))
		return undefined;
	const asked = takeAsked(selector, sources.targets);
	const losing = listLosing(selector, { ...sources, targets: asked });
	const [first] = losing;
	if (!first || (await isStored(selector.text))) return undefined;
	if (await isStored(metric)) {
		const exposing: string[] = [];
		for (const { scrapePool, labels } of uniqBy(asked, signOf))
			if (await isStored(makeSelector(metric, knownBy(labels))))
				exposing.push(scrapePool);
		const found = losing.filter(({ pool }) => exposing.includes(pool));
		const [loss] = found;
		return loss &&
			exposing.every((pool) => found.some((each) => each.pool === pool))
			? describeLoss(loss.pool, loss.step)
			: undefined;
	}
	const named = losing.find(({ step }) => namesMetric(step, selector));
	const pools = new Set(asked.map(({ scrapePool }) => scrapePool));
	const all =
		isOfEveryCluster(metric) &&
		asksForTargets(selector) &&
		losing.length === pools.size;
	const loss = named ?? (all ? first : undefined);
	return loss && describeLoss(loss.pool, loss.step);
}

/** By which labels targets of several pools are told apart: the kubelet's have one job. */
function knownBy({
	job = "",
	metrics_path,
}: Readonly<Record<string, string>>): Record<string, string> {
	return { job, ...(metrics_path && { metrics_path }) };
}

function signOf({ scrapePool, labels }: LabelSources["targets"][number]) {
	return [scrapePool, ...Object.values(knownBy(labels))].join("\n");
}

function asksForTargets(selector: Selector): boolean {
	return matchersOf(selector).some(({ label }) => ofTarget.includes(label));
}

/** The pools of which no target's series are left of those that a selector asks for. */
function listLosing(
	selector: Selector,
	{ targets, configs }: Pick<LabelSources, "targets" | "configs">,
): Losing[] {
	return [...Map.groupBy(targets, ({ scrapePool }) => scrapePool)].flatMap(
		([pool, own]): Losing[] => {
			const steps = readMetricRelabelling(pool, configs);
			if (steps.length === 0) return [];
			const read = [
				...ofTarget,
				...steps.flatMap((each) => each.source_labels),
			];
			const known = honorsLabels(pool, configs) ? ofTarget : read;
			const unlike = uniqBy(
				own.map(({ labels }) => pick(labels, known)),
				(labels) => known.map((label) => labels[label] ?? "").join("\n"),
			);
			const found = unlike.map((labels) =>
				findStepAgainst(selector, labels, steps),
			);
			const [step] = found;
			return step && found.every(Boolean) ? [{ pool, step }] : [];
		},
	);
}

/** Whether series may have other values of labels than their target, as those of kube-state-metrics have. */
function honorsLabels(pool: string, configs: LabelSources["configs"]): boolean {
	const { honor_labels } =
		configs.find(({ job_name }) => job_name === pool) ?? {};
	return honor_labels === true;
}

/** The targets that a selector asks for: all, if it asks for none. */
function takeAsked(
	selector: Selector,
	targets: LabelSources["targets"],
): LabelSources["targets"] {
	const asked = matchersOf(selector).filter(({ label }) =>
		ofTarget.includes(label),
	);
	return targets.filter(({ labels }) =>
		asked.every((matcher) => matches(matcher, labels[matcher.label] ?? "")),
	);
}

/**
 * Which pool drops the metric on every target that a selector asks for by its job, although other targets still have
 * it. A clause; undefined if none does, or the selector asks for no target.
 *
 * @param yields whether an expression has a result
 */
export async function whyDroppedThere(
	selector: Selector,
	sources: Pick<LabelSources, "targets" | "configs">,
	yields: (expression: string) => Promise<boolean>,
): Promise<string | undefined> {
	const targets = takeAsked(selector, sources.targets);
	if (!asksForTargets(selector) || targets.length === 0) return undefined;
	const whole = { metric: selector.metric, text: selector.metric };
	const dropped = whyDropped(whole, { ...sources, targets });
	if (!dropped) return undefined;
	const ofThese = withoutMatchers(
		selector,
		(_, matcher) => matcher !== undefined && !ofTarget.includes(matcher.label),
	);
	return (await yields(ofThese.text)) ? undefined : dropped;
}
