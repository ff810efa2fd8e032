import type { Addon } from "./addon.ts";

/** cert-manager's controller with its ServiceMonitor. */
export const certManager: Addon = {
	name: "cert-manager",
	components: ["cert-manager"],
	difference: "only its real controller runs; its CRDs have no schema",
};
