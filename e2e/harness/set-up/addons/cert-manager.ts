import type { Addon } from "./addon.ts";

/** cert-manager's controller with its ServiceMonitor. */
export const certManager: Addon = {
	name: "cert-manager",
	components: ["cert-manager"],
	standsInFor:
		"all of cert-manager, by its controller, which is the real one; and its CRDs, by ones without a schema",
};
