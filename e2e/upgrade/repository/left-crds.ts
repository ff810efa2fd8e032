import { yamlAt } from "../../common/parsing/yaml-map.ts";
import type { ReleaseOrigin } from "../options.ts";
import { layerFiles } from "../plan/values/values.ts";
import { makeReason, type Reason } from "../reasons.ts";
import type { UpgradeReport } from "../report/contents.ts";
import type { FoundRelease } from "./release.ts";

/** The chart that has nothing but the operator's CRDs. */
const crdsChart = "prometheus-operator-crds";

/**
 * Says who leaves the CRDs of a release as they are; undefined if something moves them, or that is not known.
 *
 * @param base all releases of the first revision
 * @param head all releases of the second one
 */
export function describeLeftCrds(
	after: FoundRelease,
	base: readonly FoundRelease[],
	head: readonly FoundRelease[],
): string | undefined {
	const values = layerFiles(after.values);
	// A job of the chart itself.
	const hasJob = yamlAt(values, "crds", "upgradeJob", "enabled") === true;
	if (after.bringsCrds !== false || hasJob) return undefined;
	const versionsIn = (releases: readonly FoundRelease[]) =>
		releases
			.filter(({ chart }) => chart.name === crdsChart)
			.map(({ chart }) => chart.version ?? "the newest version")
			.join(" and ");
	const [old, now] = [versionsIn(base), versionsIn(head)];
	if (now === "")
		return `${after.deployer} leaves them as they are, and nothing that was read here applies them`;
	return old === now
		? `${after.deployer} leaves them as they are, and ${crdsChart}, which brings them, stays at ${now}`
		: undefined;
}

/** CRDs that stay behind the operator. */
export function findLeftCrds(
	origin: ReleaseOrigin | undefined,
	crds: UpgradeReport["crds"],
): Reason[] {
	const changed = crds.filter(({ before, after }) => after && before !== after);
	const [first] = changed;
	if (!origin?.leftCrds || !first) return [];
	return [
		makeReason(
			"crds-left-behind",
			"CRDs",
			`The new operator wants CRDs of ${first.after}, and they stay at ${first.before || "none"}: ${origin.leftCrds}.`,
			{ evidence: changed.map(({ name }) => name) },
		),
	];
}
