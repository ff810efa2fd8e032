import pLimit from "p-limit";
import type { GrafanaClient } from "../clients/grafana.ts";
import { ifFound } from "./read-whole.ts";

/**
 * The dashboards that Grafana reads from files and that no labelled ConfigMap ships: those in the values, or in a
 * ConfigMap that is mounted. Nothing says when all of them must be there, but a person sees each that is.
 *
 * @param shipped uids
 * @param isPlanted whether a test has planted it
 * @returns their uids
 */
export async function listProvided(
	grafana: Pick<GrafanaClient, "dashboards" | "dashboard">,
	shipped: readonly string[],
	isPlanted: (uid: string) => boolean,
): Promise<string[]> {
	const all = await grafana.dashboards();
	const others = all.filter(
		({ uid }) => !shipped.includes(uid) && !isPlanted(uid),
	);
	const found = await pLimit(8).map(others, async ({ uid }) => {
		const read = await ifFound(grafana.dashboard(uid));
		return read?.meta.provisioned ? [uid] : [];
	});
	return found.flat();
}
