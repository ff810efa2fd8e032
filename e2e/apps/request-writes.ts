import { GoRegex } from "../common/go-regex.ts";
import {
	describeOrigins,
	type TracedRule,
	traceLabels,
} from "../common/relabelling/label-origins.ts";
import {
	describeStep,
	type RelabelStep,
} from "../common/relabelling/relabel.ts";

/** The labels that say what Prometheus asks a target for, and where. */
const ofRequest: readonly [label: RegExp, how: string][] = [
	[/^__metrics_path__$/, "at another path"],
	[/^__scheme__$/, "by another scheme"],
	[/^__address__$/, "at another address"],
	[/^__param_/, "with another parameter"],
];
/** What tells applications apart, and says nothing of how one is to be scraped. */
const place =
	/^__meta_kubernetes_(namespace|pod_name|pod_node_name|pod_controller_name|node_.+)$/;
const podLabel = /^__meta_kubernetes_pod_label(present)?_/;
/** A pod's label with such a name is its own word about scraping, e.g. a service mesh's `tlsMode`. */
const aboutScraping =
	/o11y_|metrics|prometheus|scrape|path|scheme|port|tls|ssl/i;
const annotation = /^__meta_kubernetes_pod_annotation(present)?_/;
/** What the discovery and the operator set for every pod. */
const discovered = /^(__meta_.+|__address__|namespace|pod|container)$/;
/** Values as any pod may have them. */
const anyValues = ["a", "home-7", "e2e-x.y"];

/**
 * A sentence for each step that makes Prometheus ask some pods in another way than the others, by their namespace, name,
 * node or a label. No planted pod is among them. What a pod says itself, with an annotation or the value of a label, is heeded; what a step does to all pods, the planted ones show.
 */
export function findForeignRequests(
	pool: string,
	steps: readonly RelabelStep[],
): string[] {
	return traceLabels(steps).flatMap((traced) => {
		const how = ofRequest.find(([label]) =>
			label.test(traced.rule.target_label),
		)?.[1];
		return how && isForSome(traced)
			? [
					`pool ${pool} scrapes some pods ${how} (${describeStep(traced.rule)}${describeOrigins(traced)}): only a pod itself can say that`,
				]
			: [];
	});
}

function isForSome({ rule, origins }: TracedRule<RelabelStep>): boolean {
	const { action, replacement, source_labels, separator, regex } = rule;
	if (/equal$/.test(action)) return false;
	const isCopied = replacement.includes("$");
	if (isCopied && origins.some((label) => annotation.test(label))) return false;
	const isForAll =
		source_labels.every((label) => discovered.test(label)) &&
		anyValues.every((value) =>
			GoRegex.whole(regex).test(source_labels.map(() => value).join(separator)),
		);
	return (
		!isForAll &&
		origins.some(
			(label) =>
				place.test(label) ||
				(podLabel.test(label) && !isCopied && !aboutScraping.test(label)),
		)
	);
}
