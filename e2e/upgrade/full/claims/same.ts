import { whatIsSeen } from "../grafana.ts";
import {
	isAnnounced,
	isTitleAnnounced,
	lossOfDashboards,
	lossOfRules,
	lossOfTargets,
	monitorOf,
} from "./announced.ts";
import type { UpgradeClaim } from "./claim.ts";

export const sameTargets: UpgradeClaim = {
	id: "same-targets",
	title: "the targets are the same as before, except announced changes",
	reason: "targets-differ",
	check: async ({ before, after, announced }) => ({
		flaws: [...before.targets].flatMap(([pool, count]) => {
			const now = after.targets.get(pool) ?? 0;
			return now < count &&
				!isAnnounced(announced, lossOfTargets, monitorOf(pool))
				? [`${pool} had ${count} targets up and has ${now}`]
				: [];
		}),
		notes: [
			`${sum(before.targets)} targets before, ${sum(after.targets)} after`,
		],
	}),
};

export const sameRules: UpgradeClaim = {
	id: "same-rules",
	title: "the rules are the same as before, except announced changes",
	reason: "rules-differ",
	check: async ({ before, after, announced }) => ({
		flaws: [...before.rules]
			.filter((rule) => !after.rules.has(rule))
			.filter(
				(rule) =>
					!isAnnounced(announced, lossOfRules, rule.split(" ")[1] ?? ""),
			)
			.map((rule) => `${rule} is gone`),
		notes: [`${before.rules.size} rules before, ${after.rules.size} after`],
	}),
};

export const sameDashboards: UpgradeClaim = {
	id: "same-dashboards",
	title: "the dashboards are the same as before, except announced changes",
	reason: "dashboards-differ",
	check: async ({ before, after, announced }) => {
		const loaded = {
			before: whatIsSeen(before.grafana)?.dashboards ?? new Set<string>(),
			// If nobody can log in, grafana-login reports it.
			after: whatIsSeen(after.grafana)?.dashboards,
		};
		const gone = [...before.dashboards].filter(
			(each) => !after.dashboards.has(each),
		);
		const unloaded = [...loaded.before].filter(
			(each) => loaded.after && !loaded.after.has(each),
		);
		return {
			...(before.dashboards.size + loaded.before.size === 0 && {
				skipped: "the first chart has no dashboard with these values",
			}),
			flaws: [
				...gone
					.filter(
						(each) =>
							!isAnnounced(
								announced,
								lossOfDashboards,
								each.split("/")[1] ?? "",
							),
					)
					.map((each) => `${each} is gone`),
				...unloaded
					.filter((each) => !isTitleAnnounced(announced, each))
					.map((each) => `Grafana no longer has the dashboard "${each}"`),
			],
			notes: [
				`${before.dashboards.size} dashboards before, ${after.dashboards.size} after; in Grafana ${loaded.before.size} and ${loaded.after?.size ?? 0}`,
			],
		};
	},
};

export const sameVolumeClaims: UpgradeClaim = {
	id: "same-volume-claims",
	title: "the volume claims are the same as before",
	reason: "volume-claim-replaced",
	check: async ({ before, after }) => ({
		flaws: [...before.volumeClaims].flatMap(([name, uid]) => {
			const now = after.volumeClaims.get(name);
			if (now === uid) return [];
			return [now ? `${name} was replaced` : `${name} is gone`];
		}),
		notes: [[...before.volumeClaims.keys()].join(", ")],
	}),
};

function sum(counts: ReadonlyMap<string, number>): number {
	return [...counts.values()].reduce((total, each) => total + each, 0);
}
