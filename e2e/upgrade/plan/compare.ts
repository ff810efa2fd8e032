import { compare as compareVersions, valid } from "semver";
import { makeReason, type Reason } from "../reasons.ts";
import { compareContents } from "./contents.ts";
import { compareCrds } from "./crds.ts";
import { compareDashboards } from "./dashboards.ts";
import { compareDroppedMetrics } from "./dropped-metrics.ts";
import { compareImages } from "./images.ts";
import { compareImmutable } from "./immutable.ts";
import { compareLogin } from "./login.ts";
import { compareMonitors } from "./monitors.ts";
import { compareObjects } from "./objects.ts";
import { comparePermissions } from "./permissions.ts";
import { compareRouting } from "./routing.ts";
import { compareRules } from "./rules.ts";
import { compareSettings } from "./settings.ts";
import type { Side } from "./side.ts";

const comparisons = [
	compareChart,
	compareCrds,
	compareImages,
	compareImmutable,
	compareObjects,
	compareSettings,
	compareContents,
	compareMonitors,
	compareDroppedMetrics,
	compareRules,
	compareDashboards,
	compareRouting,
	compareLogin,
	comparePermissions,
];

/** Every reason that the renderings of two charts give; none where they are the same. */
export function compareSides(a: Side, b: Side): Reason[] {
	return comparisons.flatMap((compare) => compare(a, b));
}

/** What the charts say of themselves. */
function compareChart(a: Side, b: Side): Reason[] {
	const reasons: Reason[] = [];
	if (
		valid(a.version) &&
		valid(b.version) &&
		compareVersions(b.version, a.version) < 0
	)
		reasons.push(
			makeReason(
				"downgrade",
				"chart",
				`${b.version} is older than ${a.version}: this is a downgrade.`,
			),
		);
	if (a.kubeVersion !== b.kubeVersion)
		reasons.push(
			makeReason(
				"kubernetes-constraint-changed",
				"chart",
				`The chart asked for Kubernetes ${a.kubeVersion || "of any version"} and asks for ${b.kubeVersion || "any version"}.`,
			),
		);
	return reasons;
}
