import { nameOf } from "../../../clients/kube-objects.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { textAt } from "../charts/fields.ts";
import { pair } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";
import { discoveredBy } from "./discovered-by.ts";
import { covers, permissionsOf } from "./permissions.ts";

/** Prometheus that is told to find targets by what its account may not list. */
export function compareDiscoveryRole(a: Side, b: Side): Reason[] {
	return pair(a, b, "Prometheus", "PrometheusAgent").both.flatMap(
		([old, now]) => {
			const target = discoveredBy(now);
			const account = `${now.metadata.namespace}/${textAt(now, "spec.serviceAccountName")}`;
			const allowed = permissionsOf(b, account);
			const missing = ["list", "watch"].filter(
				(verb) =>
					!allowed.some((each) =>
						covers(each, { verb, target, namespace: each.namespace }),
					),
			);
			// An account whose roles are not in the chart may do anything.
			return target === discoveredBy(old) ||
				allowed.length === 0 ||
				missing.length === 0
				? []
				: [
						makeReason(
							"discovery-lost",
							nameOf(now),
							`${nameOf(now)} now finds the targets of ServiceMonitors by ${target.replace(/^.*\//, "")}, and its account ${account} may not ${missing.join(" and ")} them: it finds none.`,
							{
								wayOut:
									"Give the account the permission, or set serviceDiscoveryRole back.",
							},
						),
					];
		},
	);
}
