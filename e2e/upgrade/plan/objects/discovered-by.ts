import type { Manifest } from "../../../clients/kube-objects.ts";
import { at } from "../charts/fields.ts";

/** What Prometheus lists to find the targets of ServiceMonitors, as `<group>/<resource>`. */
export function discoveredBy(prometheus: Manifest): string {
	return at(prometheus, "spec.serviceDiscoveryRole") === "EndpointSlice"
		? "discovery.k8s.io/endpointslices"
		: "/endpoints";
}

/** Whether Prometheus finds targets of ServiceMonitors by a resource. Jobs of the person's may look for either. */
export function isDiscovered(prometheus: Manifest, target: string): boolean {
	const isRole = /(^\/endpoints|\/endpointslices)$/.test(target);
	const hasOwnJobs =
		at(prometheus, "spec.additionalScrapeConfigs") !== undefined;
	return !isRole || hasOwnJobs || target === discoveredBy(prometheus);
}
