import { countTold } from "../planted-alert.ts";
import { alertKey } from "../state.ts";
import { watchdog } from "../watchdog.ts";
import { isAnnounced, lossOfRules } from "./announced.ts";
import type { SideEffect, UpgradeClaim } from "./claim.ts";

export const alertsKeepFiring: UpgradeClaim = {
	id: "alerts-keep-firing",
	title: "Watchdog and the planted alert fire after as before",
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

/** Alerts that began anew. */
export const restartedTimers: SideEffect = {
	reason: "timers-restarted",
	check: async ({ before, after }) => {
		// Several alerts can have one key, for what tells pods apart is left out.
		const since = Map.groupBy(after.firing, alertKey);
		return {
			flaws: before.firing
				.filter((each) => {
					const now = since.get(alertKey(each));
					return now && !now.some(({ activeAt }) => activeAt === each.activeAt);
				})
				.map(({ labels }) => `${labels.alertname} began anew`),
		};
	},
};

/** Messages of an alert that fired all the while. */
export const secondMessages: SideEffect = {
	reason: "told-twice",
	check: async ({ slack, planted }) => {
		if (!planted)
			return { skipped: "a planted critical alert does not reach Slack" };
		const again = (await countTold(slack, planted.name)) - planted.told;
		return {
			flaws:
				again > 0
					? [`Slack was told ${again} more time(s) of ${planted.name}`]
					: [],
		};
	},
};
