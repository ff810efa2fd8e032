import { type Manifest, nameOf } from "../../clients/kube-objects.ts";
import { metricsIn } from "../../common/promql.ts";
import { makeReason, type Reason } from "../reasons.ts";
import { expressionsOf } from "./dashboards.ts";
import { at, isDashboard, readMetricDrop } from "./normal.ts";
import { selectedRules, usersOf } from "./rules.ts";
import { pair, type Side } from "./side.ts";

/** Metrics that a new relabelling drops, with the rules and dashboards that use them. */
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
					`${nameOf(now)} drops what matches ${text}.`,
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

/** What a monitor's relabellings do to whole metrics; those that look at other labels as well drop a part only. */
function dropsOf(monitor: Manifest): Drop[] {
	return ["endpoints", "podMetricsEndpoints"].flatMap((field) => {
		const endpoints = at(monitor, `spec.${field}`);
		return (Array.isArray(endpoints) ? endpoints : []).flatMap((endpoint) =>
			relabellingsOf(endpoint).flatMap(
				({ action, regex, sourceLabels }): Drop[] => {
					const whole = sourceLabels.length === 1;
					const matches = matcher(regex);
					if (/^keep$/i.test(action) && whole)
						return [
							{
								text: `all but ${regex}`,
								drops: (metric) => !matches(metric),
							},
						];
					return [{ text: regex, drops: (metric) => whole && matches(metric) }];
				},
			),
		);
	});
}

function relabellingsOf(endpoint: unknown) {
	const found = at(endpoint, "metricRelabelings");
	return (Array.isArray(found) ? found : []).flatMap(
		(each) => readMetricDrop(each) ?? [],
	);
}

/** Prometheus anchors its expressions; one that JavaScript cannot read matches nothing. */
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
