import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { labelSelector, selects } from "../../../clients/label-selector.ts";
import { listAt, stringAt } from "../../../common/parsing/yaml-map.ts";
import { asObject, at, textAt } from "../charts/fields.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { type Pods, podMeta, podsBehind, serviceMeta } from "./discovered.ts";
import { copiedLabels, makeTarget } from "./make-target.ts";
import { isFromOutside, isInNamespace } from "./monitored-namespaces.ts";
import { behindServicePort, declaringPort } from "./ports.ts";
import type { ScrapedTarget } from "./target.ts";

/**
 * The targets of a ServiceMonitor: the ports of the Services that it selects, where they lead to pods.
 *
 * @param podLabels labels of pods that Prometheus puts on the targets of every monitor
 */
export function targetsOfServiceMonitor(
	side: Side,
	monitor: Manifest,
	pods: readonly Pods[],
	podLabels: readonly unknown[],
): ScrapedTarget[] {
	const selector = labelSelector.safeParse(at(monitor, "spec.selector"));
	if (!selector.success) return [];
	const services = servicesOf(side, monitor);
	const jobLabel = textAt(monitor, "spec.jobLabel");
	return listAt(monitor, "spec", "endpoints").flatMap((endpoint, i) => {
		const found = services.flatMap((service) =>
			reached(monitor, endpoint, service, pods).flatMap((behind) =>
				makeTarget(monitor, endpoint, i, {
					scraped: nameOf(service),
					labels: {
						...serviceMeta(service),
						...(behind && podMeta(behind)),
						namespace: service.metadata.namespace,
						service: service.metadata.name,
						endpoint:
							stringAt(endpoint, "port") ?? stringAt(endpoint, "targetPort"),
						...copiedLabels(
							listAt(monitor, "spec", "targetLabels"),
							asObject(service.metadata.labels),
						),
						...copiedLabels(
							[...podLabels, ...listAt(monitor, "spec", "podTargetLabels")],
							behind?.labels ?? {},
						),
						job: String(
							asObject(service.metadata.labels)[jobLabel] ??
								service.metadata.name,
						),
					},
					pods: behind,
				}),
			),
		);
		// The Services of the kubelet and the API server are not in the chart.
		return found.length === 0 && services.length === 0 && isFromOutside(monitor)
			? makeTarget(monitor, endpoint, i, {
					scraped: `Services that ${nameOf(monitor)} selects`,
					labels: { job: selector.data.matchLabels[jobLabel] },
					pods: undefined,
				})
			: found;
	});
}

/** The Services of the chart that a monitor selects. */
export function servicesOf(side: Side, monitor: Manifest): Manifest[] {
	const selector = labelSelector.safeParse(at(monitor, "spec.selector"));
	return objectsOf(side, "Service").filter(
		(each) =>
			selector.success &&
			isInNamespace(monitor, each.metadata.namespace) &&
			selects(selector.data, each.metadata.labels ?? {}),
	);
}

/** The pods behind a Service as they answer at an endpoint; `[undefined]` if they are not in the chart. */
function reached(
	monitor: Manifest,
	endpoint: unknown,
	service: Manifest,
	pods: readonly Pods[],
): (Pods | undefined)[] {
	const port = textAt(endpoint, "port");
	const ports = listAt(service, "spec", "ports").filter(
		(each) => port === "" || at(each, "name") === port,
	);
	if (port !== "" && ports.length === 0) return [];
	const behind = podsBehind(service, pods);
	if (behind.length === 0) {
		const hasSelector =
			Object.keys(asObject(at(service, "spec.selector"))).length > 0;
		// A Service without pods has no endpoints; those of the control plane are not in the chart.
		const arePodsElsewhere =
			service.metadata.namespace !== monitor.metadata.namespace;
		return hasSelector && !arePodsElsewhere ? [] : [undefined];
	}
	const wanted = at(endpoint, "targetPort");
	const answering =
		port === "" && wanted !== undefined
			? behind.filter((each) => declaringPort(wanted, each).length > 0)
			: ports.length === 0
				? behind
				: behind.flatMap((each) =>
						ports.flatMap((own) => behindServicePort(own, each) ?? []),
					);
	return answering.slice(0, 1);
}
