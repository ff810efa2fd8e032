import { routePrefixIn } from "../../../clients/api-server/route-prefix.ts";
import { makeSecret } from "../../../clients/secret.ts";
import type { Addon } from "./addon.ts";

/** Loki as a single binary, with its chunks in the object store. */
export const loki: Addon = {
	name: "loki",
	components: ["loki"],
	difference:
		"Loki is real; it is installed from manifests of our own instead of its public chart, and its volume is an emptyDir",
	adapt: (manifests, rendered) =>
		adaptAddresses(manifests, {
			"http://alertmanager-operated.monitoring.svc:9093": routePrefixIn(
				rendered,
				"Alertmanager",
			),
			"http://prometheus-operated.monitoring.svc:9090": routePrefixIn(
				rendered,
				"Prometheus",
			),
		}),
	makeObjects: ({ objectStore: { lokiUser } }) => [
		makeSecret("loki", "loki-objstore", {
			"access-key": lokiUser.accessKey,
			"secret-key": lokiUser.secretKey,
		}),
	],
};

/**
 * Puts the path below which each server serves its API behind its address.
 *
 * @throws Error if an address is not there
 */
function adaptAddresses(
	manifests: string,
	prefixes: Readonly<Record<string, string>>,
): string {
	return Object.entries(prefixes).reduce((text, [address, prefix]) => {
		if (!text.includes(address))
			throw new Error(`stack/addons/loki.yaml does not name ${address}`);
		return text.replaceAll(address, address + prefix);
	}, manifests);
}
