import { countMessages } from "../planted-alert.ts";
import { alertKey } from "../state.ts";
import { watchdog } from "../watchdog.ts";
import { isAnnounced, lossOfRules } from "./announced.ts";
import type { SideEffect, UpgradeClaim } from "./claim.ts";

export const alertsKeepFiring: UpgradeClaim = {
	id: "alerts-keep-firing",
	title: "Watchdog and the planted alert still fire",
	reason: "alerts-lost",
	check: async ({ before, after, announced }) => {
		const firing = new Set(after.firing.map(alertKey));
		const gone = before.firing.filter((each) => !firing.has(alertKey(each)));
		return {
			flaws: gone
				.filter(
					({ labels }) => labels.alertname && mustKeepFiring(labels.alertname),
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

/** Only Watchdog and planted alerts always fire; what the state of a test cluster fires comes and goes. */
function mustKeepFiring(alertname: string): boolean {
	return alertname === watchdog || alertname.startsWith("Planted");
}

/** Alerts whose `for` timers started over. */
export const restartedTimers: SideEffect = {
	reason: "timers-restarted",
	check: async ({ before, after }) => {
		// Several alerts can have one key, because it leaves out labels that change with a pod.
		const since = Map.groupBy(after.firing, alertKey);
		return {
			flaws: before.firing
				.filter((each) => {
					const now = since.get(alertKey(each));
					return now && !now.some(({ activeAt }) => activeAt === each.activeAt);
				})
				.map(({ labels }) => `${labels.alertname} started over`),
		};
	},
};

/** Alerts that neither fired nor were pending before. */
export const newAlerts: SideEffect = {
	reason: "alerts-newly-active",
	check: async ({ before, after }) => {
		const known = new Set([...before.firing, ...before.pending].map(alertKey));
		return {
			flaws: [...after.firing, ...after.pending]
				.filter((each) => !known.has(alertKey(each)))
				.map(
					({ labels, state }) =>
						`${labels.alertname} (${labels.severity ?? "no severity"}) is ${state}: ${JSON.stringify(labels)}`,
				),
		};
	},
};

/** Further messages of an alert that kept firing. */
export const secondMessages: SideEffect = {
	reason: "sent-twice",
	check: async ({ slack, planted }) => {
		if (!planted)
			return { skipped: "a planted critical alert does not reach Slack" };
		const again =
			(await countMessages(slack, planted.alert)) - planted.messages;
		return {
			flaws:
				again > 0
					? [`Slack got ${again} more message(s) of ${planted.alert.alertname}`]
					: [],
		};
	},
};
