import { isSubset } from "es-toolkit";
import { type AlertRule, withEachSeverity } from "../loaded-rules.ts";
import { type AlertLabels, allowsAlert } from "../matchers.ts";
import type { TreeRoute } from "../route-tree.ts";
import type { Differences } from "./message-data.ts";
import { labelsOfRoute } from "./render.ts";

/** Two alerts that may come in one message. */
export interface GroupOfTwo {
	readonly labels: AlertLabels;
	readonly differ: Differences;
	/** e.g. `two of KubePodCrashLooping` */
	readonly example: string;
}

/** Each alert of one Prometheus has these. */
const external = ["prometheus", "cluster"];

/**
 * The groups of two different alerts that may come by a route, those that have least in common. Where a group is of one
 * alertname, that depends on what the loaded rules write into annotations: only a label makes two alerts of a rule, and
 * one that all alerts of the group have makes no difference.
 */
export function findGroups(
	route: TreeRoute,
	rules: readonly AlertRule[],
): GroupOfTwo[] {
	if (route.groupBy.includes("...")) return [];
	const pinned = labelsOfRoute(route);
	const shared = [...route.groupBy, ...Object.keys(pinned), ...external];
	if (!shared.includes("alertname"))
		return [
			{
				labels: pinned,
				differ: {
					labels: (label) => !shared.includes(label),
					annotations: () => true,
				},
				example: "two of different names",
			},
		];
	const all = rules
		.filter(
			(rule) => isPromised(rule) && allowsAlert(route.matchers, rule.labels),
		)
		.map((rule) => ({ rule, varying: findVarying(rule, shared) }))
		.filter(({ varying }) => varying.length > 0);
	const most = all.filter(
		({ varying }, at) =>
			!all.some(
				(other, otherAt) =>
					at !== otherAt &&
					isSubset(other.varying, varying) &&
					(other.varying.length > varying.length || otherAt < at),
			),
	);
	return most.map(({ rule, varying }) => ({
		labels: pinned,
		differ: {
			labels: (label) =>
				!shared.includes(label) && !["severity", "alertname"].includes(label),
			annotations: (name) => varying.includes(name),
		},
		example: `two of ${rule.labels.alertname}, of which each has a ${varying.join(" and a ")} of its own`,
	}));
}

function isPromised(rule: AlertRule): boolean {
	return withEachSeverity(rule).some(({ severity = "" }) =>
		["critical", "warning"].includes(severity),
	);
}

/** The annotations of a rule in which two of its alerts differ, by a label that is not the same of the whole group. */
function findVarying(
	{ annotations = {}, labels }: AlertRule,
	shared: readonly string[],
): string[] {
	return Object.entries(annotations)
		.filter(([, template]) =>
			[...template.matchAll(/\{\{[^}]*?(?:\$labels|\.Labels)\.(\w+)/g)].some(
				([, label = ""]) => !shared.includes(label) && !(label in labels),
			),
		)
		.map(([name]) => name)
		.toSorted();
}
