import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { metricsIn } from "../../../common/promql.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { at } from "../charts/fields.ts";
import { pair } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";
import { expressionsOf, isDashboard } from "../grafana/dashboard-content.ts";
import { readMetricDrop } from "./metric-drops.ts";
import { selectedRules, usersOf } from "./rules.ts";

/** Metrics that a new relabeling drops, with the rules and dashboards that use them. */
export function compareDroppedMetrics(a: Side, b: Side): Reason[] {
	const used = metricsUsed(b);
	return pair(a, b, "ServiceMonitor", "PodMonitor").both.flatMap(
		([old, now]) => {
			const before = dropsOf(old);
			const drops = dropsOf(now).filter(
				(each) => !before.some(({ text }) => text === each.text),
			);
			return drops.map(({ text, drops: isDropped }) => {
				const metrics = used.filter(
					(name) => isDropped(name) && !before.some((each) => each.drops(name)),
				);
				const users = usersOf(b, metrics);
				return makeReason(
					"metric-dropped",
					`${nameOf(now)} ${text}`,
					`${nameOf(now)} drops ${text}.`,
					{
						consequences: users.map((user) =>
							makeReason(
								user.startsWith("the rule") ? "alert-blind" : "panel-blind",
								`${user} ${nameOf(now)} ${text}`,
								`${user} uses ${metrics.join(", ")}, which is no longer stored.`,
							),
						),
					},
				);
			});
		},
	);
}

interface Drop {
	readonly text: string;
	drops(metric: string): boolean;
}

/** Relabelings of a monitor that drop metrics. One that also looks at other labels drops only some series of them. */
function dropsOf(monitor: Manifest): Drop[] {
	return ["endpoints", "podMetricsEndpoints"].flatMap((field) => {
		const endpoints = at(monitor, `spec.${field}`);
		return (Array.isArray(endpoints) ? endpoints : []).flatMap((endpoint) =>
			metricDropsOf(endpoint).flatMap(
				({ action, regex, sourceLabels }): Drop[] => {
					const whole = sourceLabels.length === 1;
					const matches = matcher(regex);
					if (/^keep$/i.test(action) && whole)
						return [
							{
								text: `what does not match ${regex}`,
								drops: (metric) => !matches(metric),
							},
						];
					return [
						{
							text: `what matches ${regex}`,
							drops: (metric) => whole && matches(metric),
						},
					];
				},
			),
		);
	});
}

function metricDropsOf(endpoint: unknown) {
	const found = at(endpoint, "metricRelabelings");
	return (Array.isArray(found) ? found : []).flatMap(
		(each) => readMetricDrop(each) ?? [],
	);
}

/** Prometheus anchors its regular expressions; one that JavaScript cannot read matches nothing. */
function matcher(regex: string): (text: string) => boolean {
	try {
		const anchored = new RegExp(`^(?:${regex.replace(/^\(\?i\)/, "")})$`);
		return (text) => anchored.test(text);
	} catch {
		return () => false;
	}
}

function metricsUsed(side: Side): string[] {
	const expressions = [
		...selectedRules(side).map(({ expr }) => expr),
		...side.objects.filter(isDashboard).flatMap(expressionsOf),
	];
	return [...new Set(expressions.flatMap(metricsIn))];
}
