import { matchersOf, type Selector } from "../../common/promql/expressions.ts";
import { matches } from "../../common/promql/matcher.ts";
import { findListAgainst } from "../../kube-metrics/state/scope.ts";
import { makeIsKnownWord, wordsOfJob } from "../job-words.ts";
import { collectors, isOfEveryCluster } from "./every-cluster.ts";
import { isOfStack } from "./idle-rules.ts";
import { whyRenamed } from "./renamed-metrics.ts";

/** What decides which series the stack's targets expose. */
export interface Exposing {
	/** Of all targets, and of what is loaded. */
	readonly jobs: readonly string[];
	/** The arguments of kube-state-metrics. */
	readonly stateArgs: readonly string[];
	/** The arguments of Node Exporter. */
	readonly exporterArgs: readonly string[];
}

/**
 * Why no target exposes what a selector without series asks for, as a clause: its metric has another name today, a switch
 * of its exporter leaves it out, or no target has the job. Undefined if there may just be nothing of this kind.
 */
export function whyUnexposed(
	selector: Selector,
	{ jobs, stateArgs, exporterArgs }: Exposing,
): string | undefined {
	const { metric } = selector;
	const renamed = whyRenamed(metric);
	if (renamed) return renamed;
	const list =
		metric.startsWith("kube_") && isOfEveryCluster(metric)
			? findListAgainst(stateArgs, metric)
			: undefined;
	if (list) return `kube-state-metrics runs with ${list}`;
	const { collector } =
		collectors.find((each) => each.metric.test(metric)) ?? {};
	const off = exporterArgs.find((arg) =>
		[`--no-collector.${collector}`, `-no-collector.${collector}`].includes(arg),
	);
	if (off) return `Node Exporter runs with ${off}`;
	return isOfStack(metric) ? whyNoJob(selector, jobs) : undefined;
}

/** A job whose name has no other words than the stack's is none of an application that comes later. */
function whyNoJob(
	selector: Selector,
	jobs: readonly string[],
): string | undefined {
	const isKnown = makeIsKnownWord(jobs);
	const wrong = matchersOf(selector).find(
		(matcher) =>
			matcher.label === "job" &&
			!matches(matcher, "") &&
			!matcher.operator.startsWith("!") &&
			!jobs.some((job) => matches(matcher, job)) &&
			wordsOfJob(matcher.value).length > 0 &&
			wordsOfJob(matcher.value).every(isKnown),
	);
	return (
		wrong && `no target has job${wrong.operator}${JSON.stringify(wrong.value)}`
	);
}
