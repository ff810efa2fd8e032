import { whatIsSeen } from "../grafana.ts";
import type { State } from "../state.ts";
import type { UpgradeClaim } from "./claim.ts";

export const grafanaLogin: UpgradeClaim = {
	id: "grafana-login",
	title: "Grafana accepts the admin credentials in the cluster",
	reason: "login-lost",
	check: async ({ before, after }) => {
		const skipped = whyNotSeen(before.grafana);
		if (skipped) return { skipped };
		const now = whyNotSeen(after.grafana);
		return { flaws: now ? [now] : [] };
	},
};

export const grafanaDatasources: UpgradeClaim = {
	id: "grafana-datasources",
	title: "Grafana's datasources are the same as before, and answer as before",
	reason: "datasource-lost",
	check: async ({ before, after }) => {
		const old = whatIsSeen(before.grafana)?.datasources;
		const now = whatIsSeen(after.grafana)?.datasources;
		if (!old)
			return { skipped: whyNotSeen(before.grafana) ?? "Grafana was not read" };
		return {
			flaws: [...old].flatMap(([name, was]) => {
				const is = now?.get(name);
				// If nobody can log in, grafana-login reports it.
				if (!now) return [];
				if (!is) return [`${name} is gone`];
				return [
					...(was.answers && !is.answers ? [`${name} does not answer`] : []),
					...(was.isDefault && !is.isDefault
						? [`${name} is no longer the default`]
						: []),
				];
			}),
			notes: [
				[...old]
					.map(
						([name, { answers }]) =>
							`${name} ${answers ? "answered" : "did not answer"} before`,
					)
					.join(", "),
			],
		};
	},
};

/** Why nobody can log in to Grafana; undefined if somebody can. */
function whyNotSeen(grafana: State["grafana"]): string | undefined {
	if (!grafana) return "there is no Grafana";
	return "refused" in grafana ? grafana.refused : undefined;
}
