import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { at } from "../charts/fields.ts";
import { pair } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";
import { readMetricDrop } from "./metric-drops.ts";

/** Relabelings that drop metrics; who uses them is found where all lost metrics are followed. */
export function compareDroppedMetrics(a: Side, b: Side): Reason[] {
	return pair(a, b, "ServiceMonitor", "PodMonitor").both.flatMap(
		([old, now]) => {
			const before = dropsOf(old);
			return dropsOf(now)
				.filter((text) => !before.includes(text))
				.map((text) =>
					makeReason(
						"metric-dropped",
						`${nameOf(now)} ${text}`,
						`${nameOf(now)} drops ${text}.`,
					),
				);
		},
	);
}

/** Relabelings of a monitor that drop metrics, in words. */
function dropsOf(monitor: Manifest): string[] {
	return ["endpoints", "podMetricsEndpoints"].flatMap((field) => {
		const endpoints = at(monitor, `spec.${field}`);
		return (Array.isArray(endpoints) ? endpoints : []).flatMap((endpoint) => {
			const relabelings = at(endpoint, "metricRelabelings");
			return (Array.isArray(relabelings) ? relabelings : []).flatMap((each) => {
				const drop = readMetricDrop(each);
				if (!drop) return [];
				return /^keep$/i.test(drop.action)
					? [`what does not match ${drop.regex}`]
					: [`what matches ${drop.regex}`];
			});
		});
	});
}
