import { uniq } from "es-toolkit";
import { nameOf } from "../../../clients/kube-objects.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import type { Side } from "../charts/side.ts";
import { isSelected } from "../monitoring/selectors.ts";
import { monitoredTargets, monitorsIn } from "./monitored.ts";
import { ignoresNamespaces, isFromOutside } from "./monitored-namespaces.ts";

/** Targets in other namespaces, which Prometheus no longer lets monitors look into. */
export function compareIgnoredNamespaces(a: Side, b: Side): Reason[] {
	if (ignoresNamespaces(a) || !ignoresNamespaces(b)) return [];
	const known = new Set(
		monitorsIn(a)
			.filter((each) => isSelected(a, each))
			.map(nameOf),
	);
	return monitorsIn(b)
		.filter((each) => isFromOutside(each) && isSelected(b, each))
		.filter((each) => known.has(nameOf(each)))
		.flatMap((each) =>
			lostBy(nameOf(each), a, b).map((subject) =>
				makeReason(
					"targets-gone",
					subject,
					`Prometheus' ignoreNamespaceSelectors has ${nameOf(each)} look into its own namespace alone: what it scraped in others is lost.`,
					{
						evidence: [nameOf(each)],
						wayOut: "Set prometheusSpec.ignoreNamespaceSelectors: false.",
					},
				),
			),
		);
}

/** What a monitor scraped and no longer does; the monitor itself where the chart does not say what that is. */
function lostBy(owner: string, a: Side, b: Side): string[] {
	const of = (side: Side) =>
		monitoredTargets(side).filter((each) => each.owner === owner);
	const after = of(b);
	const lost = uniq(
		of(a)
			.map(({ scraped }) => scraped)
			.filter((each) => after.every(({ scraped }) => scraped !== each)),
	);
	const isInChart = after.some(({ pods }) => pods !== undefined);
	return lost.length > 0 || isInChart ? lost : [owner];
}
