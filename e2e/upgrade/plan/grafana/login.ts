import { nameOf } from "../../../clients/kube-objects.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { dataOf } from "../charts/data.ts";
import { pair } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";

/** The keys under which Grafana's chart writes its admin's credentials. */
const credentials = ["admin-user", "admin-password"];

/** Admin credentials of Grafana that are rendered, and not what they were. They are not quoted. */
export function compareLogin(a: Side, b: Side): Reason[] {
	return pair(a, b, "Secret").both.flatMap(([old, now]) => {
		const before = dataOf(old);
		const after = dataOf(now);
		const other = credentials.filter(
			(key) => before.get(key) !== after.get(key),
		);
		const name = nameOf(now);
		// One that is random before and after is kept by Helm's lookup, or was never known.
		const random = b.unstable.has(name);
		if (other.length === 0 || (random && a.unstable.has(name))) return [];
		return [
			makeReason(
				"login-changed",
				name,
				`${other.join(" and ")} of ${name} ${random ? "is random now" : "is another"}: whoever logs in, and the sidecar that reloads dashboards, is refused while Grafana's database has the old one.`,
			),
		];
	});
}
