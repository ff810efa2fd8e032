import { z } from "zod";
import { kubeObject, monitoringV1 } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import type { Configuration } from "../clients/prometheus-schemas.ts";
import { parseDuration } from "../common/duration.ts";
import type { ClusterState } from "./cluster-state.ts";

// The operator's default.
const defaultInterval = "30s";

const prometheusObject = kubeObject.extend({
	spec: z.looseObject({ scrapeInterval: z.string().default(defaultInterval) }),
});

/** The scrape interval of a namespace's Prometheus object, e.g. `60s`. */
export async function readGlobalInterval(
	kube: KubeClient,
	namespace: string,
): Promise<string> {
	const [found, ...others] = await kube.list(
		{
			apiVersion: monitoringV1,
			kind: "Prometheus",
			namespace,
		},
		prometheusObject,
	);
	if (!found || others.length > 0)
		throw new Error(
			`namespace ${namespace} has ${others.length + (found ? 1 : 0)} objects of kind Prometheus, not one`,
		);
	return found.spec.scrapeInterval;
}

/** A sentence for each interval of Prometheus and the monitors that the loaded configuration does not have. */
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
		{ name: "global", wanted: globalInterval, found: global.scrape_interval },
		...endpoints.map(({ name, interval }) => ({
			name,
			wanted: interval ?? globalInterval,
			found: loaded.get(name),
		})),
	].flatMap(({ name, wanted, found }) => {
		if (found === undefined) return [`job ${name} is missing`];
		return parseDuration(found) === parseDuration(wanted)
			? []
			: [`${name} has an interval of ${found} instead of ${wanted}`];
	});
}

/** Endpoints by the names of the scrape configurations that the operator renders for them. */
function nameEach(
	kind: string,
	{ namespace, name }: { namespace?: string | undefined; name: string },
	endpoints: readonly { interval?: string | undefined }[],
) {
	return endpoints.map(({ interval }, index) => ({
		name: `${kind}/${namespace}/${name}/${index}`,
		// The operator treats an empty one as missing.
		interval: interval || undefined,
	}));
}
