import { matchersOf, type Selector } from "../../common/promql/expressions.ts";
import { matches } from "../../common/promql/matcher.ts";
import { describeLoss, findLosingStep } from "../losing-step.ts";
import { readMetricRelabelling } from "../series-labels.ts";
import { type LabelSources, ofTarget } from "./label-misfits.ts";

/** How long requests take, by verb, resource and much else: the most numerous series of a small cluster. */
const ofRequests =
	/^(apiserver|etcd|rest_client)_request(_sli|_slo)?_duration_seconds_bucket$/;

/**
 * Why a selector selects nothing, if it is about the API server's buckets of durations, and its own pool leaves them out by
 * their name: the usual cut against too many series, made on purpose. A clause; undefined if it is not so.
 */
export function whyCut(
	selector: Selector,
	{ targets, configs }: Pick<LabelSources, "targets" | "configs">,
): string | undefined {
	const { metric } = selector;
	if (!ofRequests.test(metric)) return undefined;
	const asked = matchersOf(selector).filter(({ label }) =>
		ofTarget.includes(label),
	);
	const own = { __name__: metric };
	const [lost] = targets
		.filter(
			({ discoveredLabels, labels }) =>
				isApiServer(discoveredLabels) &&
				// A rule may ask for another job, by mistake.
				asked.every((matcher) => matches(matcher, labels[matcher.label] ?? "")),
		)
		.flatMap(({ scrapePool, labels }) => {
			const steps = readMetricRelabelling(scrapePool, configs);
			const step = findLosingStep(steps, { ...labels, ...own }, own);
			const isByName = step?.source_labels.every((l) => l === "__name__");
			return step && isByName ? [describeLoss(scrapePool, step)] : [];
		});
	return (
		lost &&
		`${lost}, as is usual against the many series of the API server's requests`
	);
}

/** Whether a target was found by the API server's Service, which is the same in every cluster. */
function isApiServer(
	discovered: LabelSources["targets"][number]["discoveredLabels"],
): boolean {
	return (
		discovered.__meta_kubernetes_namespace === "default" &&
		discovered.__meta_kubernetes_service_name === "kubernetes"
	);
}
