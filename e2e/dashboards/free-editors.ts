import { KubeError } from "../clients/api-server/kube-error.ts";
import type { GrafanaSettings } from "../clients/grafana/settings.ts";
import type { GrafanaClient } from "../clients/grafana.ts";
import { tidyUp } from "../common/tidy-up.ts";

interface Clients {
	/** As the admin. */
	readonly grafana: Pick<GrafanaClient, "delete">;
	/** Without a login. */
	readonly anonymous: Pick<GrafanaClient, "save">;
}

/**
 * A sentence if somebody without credentials may save a dashboard, and so change and delete those of others: visitors look.
 *
 * @param uid of a dashboard that is saved for that, and deleted again
 * @param settings undefined if they cannot be read
 */
export async function findFreeEditors(
	{ grafana, anonymous }: Clients,
	uid: string,
	settings: GrafanaSettings = {},
): Promise<string[]> {
	try {
		await anonymous.save({ uid, title: uid });
	} catch (error) {
		// 403 is for a visitor, 401 where there are none.
		if (error instanceof KubeError && [401, 403].includes(error.status ?? 0))
			return [];
		throw error;
	}
	await tidyUp(`deletion of dashboard ${uid}`, () => grafana.delete(uid))();
	const { org_role = "unknown" } = settings["auth.anonymous"] ?? {};
	return [
		`without credentials a dashboard could be saved (auth.anonymous org_role ${org_role})`,
	];
}
