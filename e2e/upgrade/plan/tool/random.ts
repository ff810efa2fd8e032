import { makeReason, type Reason } from "../../reasons.ts";
import type { Tool } from "../../tools/tool.ts";
import type { Side } from "../charts/side.ts";
import { isSameInstallation } from "./sides.ts";

/**
 * Contents that a chart makes at random and keeps by `lookup`, where there is no cluster to look it up in, such as
 * Grafana's password: https://github.com/grafana/helm-charts/issues/3399.
 */
export function findRandom(a: Side, b: Side, tool: Tool): Reason[] {
	if (tool.looksUp || isSameInstallation(a, b)) return [];
	return [...b.unstable.keys()].map((name) => {
		const isOld = a.unstable.has(name);
		return makeReason(
			"random-anew",
			name,
			`${name} has random content, and ${tool.title} renders without a cluster, where the chart's lookup finds nothing: it is made anew ${tool.name === "argo" ? "at each sync" : "each time"}${isOld ? ", as with the old chart" : ""}.`,
			{ danger: isOld ? "note" : "review" },
		);
	});
}
