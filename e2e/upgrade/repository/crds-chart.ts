import type { CrdsChart } from "../tools/choice.ts";
import type { FoundRelease } from "./release.ts";

const crdsChart = "prometheus-operator-crds";

/** The versions of prometheus-operator-crds in two revisions; undefined if the second one has none. */
export function findCrdsChart(
	base: readonly FoundRelease[],
	head: readonly FoundRelease[],
): CrdsChart | undefined {
	const versionsIn = (releases: readonly FoundRelease[]) =>
		releases
			.filter(({ chart }) => chart.name === crdsChart)
			.map(({ chart }) => chart.version ?? "the newest version")
			.join(" and ");
	const after = versionsIn(head);
	return after === "" ? undefined : { before: versionsIn(base), after };
}
