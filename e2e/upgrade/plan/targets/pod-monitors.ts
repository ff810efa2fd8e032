import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { labelSelector, selects } from "../../../clients/label-selector.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { at, textAt } from "../charts/fields.ts";
import { type Pods, podMeta } from "./discovered.ts";
import { copiedLabels, makeTarget, wantedPort } from "./make-target.ts";
import { isInNamespace } from "./monitored-namespaces.ts";
import { behindPort, declaringPort } from "./ports.ts";
import type { ScrapedTarget } from "./target.ts";

/**
 * The targets of a PodMonitor: the ports of the pods that it selects.
 *
 * @param podLabels labels of pods that Prometheus puts on the targets of every monitor
 */
export function targetsOfPodMonitor(
	monitor: Manifest,
	pods: readonly Pods[],
	podLabels: readonly unknown[],
): ScrapedTarget[] {
	const jobLabel = textAt(monitor, "spec.jobLabel");
	const usual = `${monitor.metadata.namespace}/${monitor.metadata.name}`;
	const own = podsOfMonitor(monitor, pods);
	if (!own) return [];
	return listAt(monitor, "spec", "podMetricsEndpoints").flatMap(
		(endpoint, i) =>
			own.length > 0
				? own.flatMap((each) => {
						const pods = reached(endpoint, each);
						return pods
							? makeTarget(monitor, endpoint, i, {
									scraped: nameOf(each.workload),
									labels: {
										...podMeta(each),
										namespace: each.workload.metadata.namespace,
										...copiedLabels(
											[
												...podLabels,
												...listAt(monitor, "spec", "podTargetLabels"),
											],
											each.labels,
										),
										job: each.labels[jobLabel] ?? usual,
									},
									pods,
								})
							: [];
					})
				: makeTarget(monitor, endpoint, i, {
						scraped: `pods that ${nameOf(monitor)} selects`,
						labels: { job: jobLabel ? undefined : usual },
						pods: undefined,
					}),
	);
}

/** The pods of the chart that a PodMonitor selects; undefined if its selector cannot be read. */
export function podsOfMonitor(
	monitor: Manifest,
	pods: readonly Pods[],
): Pods[] | undefined {
	const selector = labelSelector.safeParse(at(monitor, "spec.selector"));
	return selector.success
		? pods.filter(
				({ workload, labels }) =>
					isInNamespace(monitor, workload.metadata.namespace) &&
					selects(selector.data, labels),
			)
		: undefined;
}

/** Pods as they answer at an endpoint; undefined if none of their containers declares its port. */
function reached(endpoint: unknown, pods: Pods): Pods | undefined {
	const port = wantedPort(endpoint);
	if (port === undefined) return pods;
	return declaringPort(port, pods).length > 0
		? behindPort(port, pods)
		: undefined;
}
