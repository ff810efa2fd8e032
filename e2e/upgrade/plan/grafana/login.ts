import { nameOf } from "../../../clients/kube-objects.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { dataOf } from "../charts/data.ts";
import { pair } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";

/** The keys under which Grafana's chart writes its admin's credentials. */
const credentials = ["admin-user", "admin-password"];

/** Admin credentials of Grafana that the chart renders and that change. They are not quoted. */
export function compareLogin(a: Side, b: Side): Reason[] {
	return pair(a, b, "Secret").both.flatMap(([old, now]) => {
		const before = dataOf(old);
		const after = dataOf(now);
		const changed = credentials.filter(
			(key) => before.get(key) !== after.get(key),
		);
		const name = nameOf(now);
		// If it is random on both sides, the chart keeps it by Helm's lookup, or nobody ever knew it.
		const random = b.unstable.has(name);
		if (changed.length === 0 || (random && a.unstable.has(name))) return [];
		return [
			makeReason(
				"login-changed",
				name,
				`${changed.join(" and ")} of ${name} ${random ? "is now random" : "changes"}: Grafana refuses it, also from the sidecar that reloads dashboards, while its database has the old one.`,
			),
		];
	});
}
