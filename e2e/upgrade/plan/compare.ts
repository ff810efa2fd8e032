import { compare as compareVersions, valid } from "semver";
import { makeReason, type Reason } from "../reasons.ts";
import { compareRefused } from "./api/refused.ts";
import { settledSide } from "./api/settled-side.ts";
import { underNewNames, withNewNames } from "./charts/renamed-side.ts";
import type { Side } from "./charts/side.ts";
import { foldRenamed } from "./fold-renamed.ts";
import { compareDashboardProviders } from "./grafana/dashboard-providers.ts";
import { compareDashboards } from "./grafana/dashboards.ts";
import { compareDownloads } from "./grafana/downloaded-dashboards.ts";
import { compareGrafanaSettings } from "./grafana/grafana-settings.ts";
import { compareGrafanaSwitches } from "./grafana/grafana-switches.ts";
import { compareListening } from "./grafana/listening.ts";
import { compareLogin } from "./grafana/login.ts";
import { compareNamedBySettings } from "./grafana/named-by-settings.ts";
import { compareGrafanaPlugins } from "./grafana/plugins.ts";
import { compareProvisioning } from "./grafana/provisioning.ts";
import { compareSidecars } from "./grafana/sidecars.ts";
import { compareKnown } from "./known/facts.ts";
import { compareBackends } from "./links/ingress-backends.ts";
import { compareNewPolicies } from "./links/new-policies.ts";
import { compareOperatorReferences } from "./links/operator-references.ts";
import { comparePlacement } from "./links/placement.ts";
import { compareReferences } from "./links/references.ts";
import { compareSelectedPods } from "./links/selected-pods.ts";
import { compareUnmountedFiles } from "./links/unmounted-files.ts";
import { followLostMetrics } from "./metrics/lost-metrics.ts";
import { compareAdditionalAlerting } from "./monitoring/additional-alerting.ts";
import { compareComponentVersions } from "./monitoring/component-versions.ts";
import { compareDroppedMetrics } from "./monitoring/dropped-metrics.ts";
import { compareExpressions } from "./monitoring/expressions.ts";
import { compareHandled } from "./monitoring/handled-by-operator.ts";
import { compareMonitors } from "./monitoring/monitors.ts";
import { compareRefusedMonitors } from "./monitoring/refused-monitors.ts";
import { compareRetentionSize } from "./monitoring/retention-size.ts";
import { comparePrometheusRules } from "./monitoring/rules.ts";
import { compareScrapeJobs } from "./monitoring/scrape-jobs.ts";
import { compareSettings } from "./monitoring/settings/settings.ts";
import { compareContents } from "./objects/contents.ts";
import { compareCrds } from "./objects/crds.ts";
import { compareCrdsJob } from "./objects/crds-job.ts";
import { compareDiscoveryRole } from "./objects/discovery-role.ts";
import { compareImages } from "./objects/images.ts";
import { compareImmutable } from "./objects/immutable.ts";
import { compareInvalidImages } from "./objects/invalid-images.ts";
import { compareLabels } from "./objects/labels.ts";
import { compareLostData } from "./objects/lost-data.ts";
import { compareMovedData } from "./objects/moved-data.ts";
import { compareObjects } from "./objects/objects.ts";
import { comparePermissions } from "./objects/permissions.ts";
import { rewrittenPods } from "./objects/rewritten-pods.ts";
import { compareAlertmanagerConfigs } from "./routing/alertmanager-configs.ts";
import { compareReceiverTemplates } from "./routing/receiver-templates.ts";
import { compareRouting } from "./routing/routing.ts";
import { compareTargets } from "./targets/compare-targets.ts";

const comparisons = [
	compareChart,
	compareKnown,
	compareCrds,
	compareCrdsJob,
	compareImages,
	compareInvalidImages,
	compareImmutable,
	compareObjects,
	compareSettings,
	compareRetentionSize,
	compareMovedData,
	compareComponentVersions,
	compareContents,
	compareSelectedPods,
	compareBackends,
	comparePlacement,
	compareNewPolicies,
	compareReferences,
	compareOperatorReferences,
	compareUnmountedFiles,
	compareLabels,
	compareMonitors,
	compareHandled,
	compareRefusedMonitors,
	compareTargets,
	compareDroppedMetrics,
	comparePrometheusRules,
	compareExpressions,
	compareScrapeJobs,
	compareAdditionalAlerting,
	compareDashboards,
	compareDownloads,
	compareDashboardProviders,
	compareSidecars,
	compareProvisioning,
	compareGrafanaSettings,
	compareListening,
	compareGrafanaSwitches,
	compareNamedBySettings,
	compareGrafanaPlugins,
	compareRouting,
	compareReceiverTemplates,
	compareAlertmanagerConfigs,
	compareLogin,
	comparePermissions,
	compareDiscoveryRole,
];

/** These pair objects by name and kind, so they would miss renamed ones: they get the old objects under both names. */
const withBothNames = new Set([
	compareSettings,
	compareRetentionSize,
	compareContents,
	comparePlacement,
	compareReferences,
	compareOperatorReferences,
	compareDroppedMetrics,
	compareAdditionalAlerting,
	compareSidecars,
	compareSelectedPods,
	compareHandled,
	compareDiscoveryRole,
]);

/** They find all that there is of something, of which nothing may be there twice. */
const withNewNamesAlone = new Set([compareProvisioning]);

/** Every reason that the renderings of two charts give; none if they are the same. */
export function compareSides(a: Side, b: Side): Reason[] {
	const crds = b.crds.length > 0 ? b.crds : a.crds;
	const [old, now] = [settledSide(a, crds), settledSide(b, crds)];
	const both = withNewNames(old, now);
	const renamed = underNewNames(old, now);
	const found = [
		// As written: what a default would hide may be refused, and a checksum replaces the pods.
		...compareRefused(a, b),
		...compareLostData(old, now, rewrittenPods(a, b)),
		...comparisons.flatMap((compare) =>
			compare(
				withBothNames.has(compare)
					? both
					: withNewNamesAlone.has(compare)
						? renamed
						: old,
				now,
			),
		),
	];
	return foldRenamed(followLostMetrics(old, now, found), old, now);
}

/** What the charts say about themselves. */
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
				`The chart asked for Kubernetes ${a.kubeVersion || "of any version"} and now asks for ${b.kubeVersion || "any version"}.`,
			),
		);
	return reasons;
}
