import { uniq } from "es-toolkit";
import { mapsAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { dataOf } from "../charts/data.ts";
import { textAt } from "../charts/fields.ts";
import { readYaml } from "../charts/read-yaml.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { downloadsOf } from "./downloaded-dashboards.ts";
import { grafanaPodsOf, isBelow, mountPathsOf } from "./grafana-pods.ts";

/** Folders of dashboards that a provider loaded, and that none loads any more. */
export function compareDashboardProviders(a: Side, b: Side): Reason[] {
	const [pod] = grafanaPodsOf(b);
	if (!pod) return [];
	const before = providerPathsOf(a);
	const after = providerPathsOf(b);
	const kept = placesOf(b);
	const lost = placesOf(a).filter(
		(place) =>
			isLoaded(place, before) &&
			kept.includes(place) &&
			!isLoaded(place, after) &&
			// A sidecar may write into a folder below what is mounted.
			!after.some((path) => isBelow(path, place)),
	);
	const folders = Map.groupBy(lost, (place) =>
		place.replace(/\/[^/]+\.json$/, ""),
	);
	return [...folders].map(([folder, places]) =>
		makeReason(
			"dashboard-gone",
			folder,
			`No provider of Grafana's dashboards looks into ${folder} any more: the dashboards there are not loaded.`,
			{
				evidence: [
					...places.filter((place) => place !== folder),
					`providers look into: ${uniq(after).join(", ") || "nothing"}`,
				],
				wayOut: `Give a provider of grafana.dashboardProviders the path ${folder}, as before. (The chart mounts grafana.dashboards.<provider> at /var/lib/grafana/dashboards/<provider>.)`,
			},
		),
	);
}

/** Where dashboards are in Grafana's pod: what is mounted there, and what is downloaded. */
function placesOf(side: Side): string[] {
	return uniq([
		...mountPathsOf(side),
		...downloadsOf(side).map(({ path }) => path),
	]);
}

function isLoaded(place: string, providers: readonly string[]): boolean {
	return providers.some((path) => isBelow(place, path));
}

/** The folders that Grafana's providers of dashboards look into. */
function providerPathsOf(side: Side): string[] {
	return objectsOf(side, "ConfigMap", "Secret").flatMap((object) =>
		[...dataOf(object)]
			.filter(
				([key, text]) =>
					/\.ya?ml$/.test(key) && /(^|[{,])\s*"?providers"?\s*:/m.test(text),
			)
			.flatMap(([, text]) => mapsAt(readYaml(text), "providers"))
			.map(
				(each) =>
					textAt(each, "options.path") || textAt(each, "options.folder"),
			)
			.filter((path) => path !== ""),
	);
}
