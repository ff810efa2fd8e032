import { makeReason, type Reason } from "../../reasons.ts";
import { countTold } from "../planted-alert.ts";
import { alertKey } from "../state.ts";
import { watchdog } from "../watchdog.ts";
import { isAnnounced, lossOfRules } from "./announced.ts";
import type { UpgradeClaim, Watched } from "./claim.ts";

export const alertsKeepFiring: UpgradeClaim = {
	id: "alerts-keep-firing",
	title: "what fired before fires after",
	reason: "alerts-lost",
	check: async ({ before, after, announced }) => {
		const firing = new Set(after.firing.map(alertKey));
		const gone = before.firing.filter((each) => !firing.has(alertKey(each)));
		return {
			flaws: gone
				.filter(
					({ labels }) => labels.alertname && stillWanted(labels.alertname),
				)
				.filter(
					({ labels }) =>
						!isAnnounced(announced, lossOfRules, labels.alertname ?? ""),
				)
				.map(({ labels }) => `${labels.alertname} ${JSON.stringify(labels)}`),
			notes: [
				`${before.firing.length} fired before, ${after.firing.length} after${gone.length > 0 ? `; no longer: ${gone.map(({ labels }) => labels.alertname).join(", ")}` : ""}`,
			],
		};
	},
};

/** Only Watchdog and what the test plants fire for sure; what a test cluster's own state fires comes and goes. */
function stillWanted(alertname: string): boolean {
	return alertname === watchdog || alertname.startsWith("Planted");
}

/** What an upgrade costs without losing anything. */
export async function findSideEffects({
	slack,
	before,
	after,
	planted,
}: Watched): Promise<Reason[]> {
	const since = new Map(
		after.firing.map((each) => [alertKey(each), each.activeAt]),
	);
	const restarted = before.firing.filter((each) => {
		const now = since.get(alertKey(each));
		return now !== undefined && now !== each.activeAt;
	});
	const told = planted
		? (await countTold(slack, planted.name)) - planted.told
		: 0;
	return [
		...(restarted.length > 0
			? [
					makeReason(
						"timers-restarted",
						"alerts",
						`${restarted.length} alerts began anew.`,
						{ evidence: restarted.map(({ labels }) => labels.alertname ?? "") },
					),
				]
			: []),
		...(planted && told > 0
			? [
					makeReason(
						"told-twice",
						planted.name,
						`Slack was told ${told} more time(s) of an alert that fired all the while.`,
					),
				]
			: []),
	];
}
