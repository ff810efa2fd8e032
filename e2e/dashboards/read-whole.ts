import { isNotFound } from "../clients/api-server/kube-error.ts";
import type { GrafanaClient } from "../clients/grafana.ts";
import {
	libraryPanelsOf,
	type QueryingDashboard,
	readDashboard,
} from "./queries/model.ts";

/** A dashboard as Grafana has it, with the library panels that it refers to. */
export async function readWhole(
	grafana: GrafanaClient,
	uid: string,
): Promise<QueryingDashboard> {
	const { dashboard } = await grafana.dashboard(uid);
	const stored = new Map<string, unknown>();
	for (const panel of libraryPanelsOf(dashboard)) {
		const model = await ifFound(grafana.libraryPanel(panel));
		if (model !== undefined) stored.set(panel, model);
	}
	return readDashboard(dashboard, stored);
}

/** What was asked for; undefined if Grafana does not have it. */
export async function ifFound<T>(asked: Promise<T>): Promise<T | undefined> {
	try {
		return await asked;
	} catch (error) {
		if (isNotFound(error)) return undefined;
		throw error;
	}
}
