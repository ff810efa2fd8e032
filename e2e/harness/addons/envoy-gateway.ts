import type { Addon } from "./addon.ts";

/** Envoy Gateway's control plane. */
export const envoyGateway: Addon = {
	name: "envoy-gateway",
	components: ["envoy-gateway"],
	claims: [],
};
