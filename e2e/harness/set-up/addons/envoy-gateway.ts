import type { Addon } from "./addon.ts";

/** Envoy Gateway's control plane. */
export const envoyGateway: Addon = {
	name: "envoy-gateway",
	components: ["envoy-gateway"],
	monitoring:
		"gateway-helm makes none of Envoy Gateway (looked up as far as 1.9.0): here it has one that a homelab adds",
	standsInFor:
		"the ServiceMonitor, which its public chart does not have, by one of our own; and its CRDs, by ones without a schema. Envoy Gateway is the real one, without a Gateway",
};
