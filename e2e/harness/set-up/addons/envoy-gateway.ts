import type { Addon } from "./addon.ts";

/** Envoy Gateway's control plane. */
export const envoyGateway: Addon = {
	name: "envoy-gateway",
	components: ["envoy-gateway"],
	monitoring:
		"gateway-helm has no ServiceMonitor for Envoy Gateway (as of 1.9.0): a homelab adds one, and so does this addon",
	difference:
		"Envoy Gateway is real, but has no Gateway; the ServiceMonitor is our own, because its public chart has none, and its CRDs have no schema",
};
