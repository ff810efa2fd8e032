import type { Addon } from "./addon.ts";

/** Envoy Gateway's control plane. */
export const envoyGateway: Addon = {
	name: "envoy-gateway",
	components: ["envoy-gateway"],
	monitoring:
		"gateway-helm has no ServiceMonitor for Envoy Gateway (as of 1.9.0): a homelab adds one, and so does this addon",
	standsInFor:
		"the ServiceMonitor, which its public chart does not have, by one of our own; and its CRDs, by ones without a schema. Envoy Gateway is the real one, without a Gateway",
};
