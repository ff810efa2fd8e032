import { z } from "zod";
import { KubeError } from "../api-server/kube-error.ts";
import type { ProxyClient } from "../api-server/proxy.ts";

const settings = z.record(z.string(), z.record(z.string(), z.coerce.string()));
/** What is in force of grafana.ini and the environment, with Grafana's defaults: by section and key. */
export type GrafanaSettings = z.infer<typeof settings>;

/** Reads them as the admin. @returns undefined if the user may not */
export async function readGrafanaSettings(
	api: ProxyClient,
): Promise<GrafanaSettings | undefined> {
	try {
		return (await api.get("/api/admin/settings")).read(settings);
	} catch (error) {
		if (error instanceof KubeError && error.status === 403) return undefined;
		throw error;
	}
}

/** Whether Grafana reads a value as true. */
export function isSettingOn(value: string | undefined): boolean {
	return /^(true|1|t|yes|y|on)$/i.test(value ?? "");
}
