import { z } from "zod";
import { kubeObject } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import type { Configuration } from "../clients/prometheus.ts";
import { parseDuration } from "../common/duration.ts";
import type { ClusterState } from "./cluster-state.ts";

// The operator's own where a Prometheus names none.
const defaultInterval = "30s";

const prometheusObject = kubeObject.extend({
	spec: z.looseObject({ scrapeInterval: z.string().default(defaultInterval) }),
});

/** The interval that the Prometheus of a namespace asks for, e.g. `60s`. */
export async function readGlobalInterval(
	kube: KubeClient,
	namespace: string,
): Promise<string> {
	const [found, ...others] = await kube.list(
		{
			apiVersion: "monitoring.coreos.com/v1",
			kind: "Prometheus",
			namespace,
		},
		prometheusObject,
	);
	if (!found || others.length > 0)
		throw new Error(
			`${others.length + (found ? 1 : 0)} objects of kind Prometheus are in namespace ${namespace}, not one`,
		);
	return found.spec.scrapeInterval;
}

/** A sentence for each interval of Prometheus and the monitors that the configuration does not show yet. */
export function compareIntervals(
	globalInterval: string,
	{
		serviceMonitors,
		podMonitors,
	}: Pick<ClusterState, "serviceMonitors" | "podMonitors">,
	{ global, scrape_configs }: Pick<Configuration, "global" | "scrape_configs">,
): string[] {
	const endpoints = [
		...serviceMonitors.flatMap(({ metadata, spec }) =>
			nameEach("serviceMonitor", metadata, spec.endpoints),
		),
		...podMonitors.flatMap(({ metadata, spec }) =>
			nameEach("podMonitor", metadata, spec.podMetricsEndpoints),
		),
	];
	const loaded = new Map(
		scrape_configs.map(({ job_name, scrape_interval }) => [
			job_name,
			scrape_interval,
		]),
	);
	return [
		{ name: "global", asked: globalInterval, found: global.scrape_interval },
		...endpoints.map(({ name, interval }) => ({
			name,
			asked: interval ?? globalInterval,
			found: loaded.get(name),
		})),
	].flatMap(({ name, asked, found }) => {
		if (found === undefined) return [`it lacks job ${name}`];
		return parseDuration(found) === parseDuration(asked)
			? []
			: [`${name} has an interval of ${found}, and ${asked} is asked for`];
	});
}

/** Endpoints by the names of the scrape configurations that the operator makes of them. */
function nameEach(
	kind: string,
	{ namespace, name }: { namespace?: string | undefined; name: string },
	endpoints: readonly { interval?: string | undefined }[],
) {
	return endpoints.map(({ interval }, index) => ({
		name: `${kind}/${namespace}/${name}/${index}`,
		// The operator takes an empty one for none.
		interval: interval || undefined,
	}));
}
