import type { AlertmanagerClient } from "../../clients/alertmanager.ts";
import { clusterNow } from "../../common/clock/cluster-clock.ts";

/** Longer than any upgrade takes. */
const length = 24 * 3_600_000;

/** Sets a silence of an alert that never fires. @param token no other silence's @returns its id */
export function plantSilence(
	alertmanager: AlertmanagerClient,
	token: string,
): Promise<string> {
	const from = clusterNow();
	return alertmanager.silence({
		labels: { alertname: `Silenced${token}` },
		from,
		to: from + length,
		comment: "set before the upgrade",
	});
}

/** What became of a silence; undefined if it is in force. */
export async function whatBecameOf(
	alertmanager: AlertmanagerClient,
	id: string,
): Promise<string | undefined> {
	const silences = await alertmanager.silences();
	const found = silences.find((each) => each.id === id);
	if (found?.status.state === "active") return undefined;
	return found
		? `a silence that was set before the upgrade is ${found.status.state}`
		: `a silence that was set before the upgrade is gone: Alertmanager has ${silences.length}`;
}
