import { posix } from "node:path";
import { makeHelm } from "../tools/helm.ts";
import { expandApplicationSet } from "./argo/application-sets.ts";
import { readApplication } from "./argo/applications.ts";
import { withSurroundings } from "./beside/surroundings.ts";
import { collectSets } from "./collect-sets.ts";
import { isStack } from "./describe.ts";
import { readHelmReleases } from "./flux/helm-releases.ts";
import type { RepositoryTree } from "./git/tree.ts";
import { helmMajorIn } from "./helm-version.ts";
import { isHelmfile, readHelmfile } from "./helmfile/helmfile.ts";
import { KustomizeBuilder } from "./kustomize/build.ts";
import { readInflatedCharts } from "./kustomize/helm-charts.ts";
import { kindOf } from "./kustomize/resource.ts";
import { includedCharts, resolveLocalChart } from "./local-chart.ts";
import { isScript, readCommands } from "./others/commands.ts";
import { readFleet } from "./others/fleet.ts";
import { readK3sCharts } from "./others/k3s.ts";
import type { FoundRelease } from "./release.ts";
import { readTerraform } from "./terraform/releases.ts";

/** Every Helm release that a revision of a repository installs. */
export function findReleases(tree: RepositoryTree): FoundRelease[] {
	const builder = new KustomizeBuilder(tree);
	const { sets, everywhere } = collectSets(builder);
	const applications = sets.flatMap(({ resources }) =>
		resources.flatMap((each) => {
			if (kindOf(each) === "ApplicationSet")
				return expandApplicationSet(each, tree);
			return kindOf(each) === "Application"
				? [{ ...each, variant: "", isGenerated: false }]
				: [];
		}),
	);
	const found = [
		...sets.flatMap((set) => [
			...readHelmReleases(tree, set, everywhere),
			...readK3sCharts(set.resources, set.origin),
		]),
		...applications.flatMap((each) => readApplication(each, builder)),
		...sets.flatMap(({ origin, charts }) =>
			readInflatedCharts(tree, charts, origin),
		),
		...tree.paths.flatMap((path) => {
			if (isHelmfile(tree, path)) return readHelmfile(tree, path);
			if (path.endsWith(".tf")) return readTerraform(tree, path);
			if (isScript(path)) return readCommands(tree, path);
			return posix.basename(path) === "fleet.yaml" ? readFleet(tree, path) : [];
		}),
	];
	const named = new Set(found.map(({ chart }) => chart.path));
	const included = includedCharts(tree);
	const umbrellas = tree.paths
		.filter((path) => posix.basename(path) === "Chart.yaml")
		.map((path) => posix.dirname(path))
		.filter((folder) => !named.has(folder) && !isSubchart(tree, folder))
		.filter((folder) => !included.has(folder))
		.map((folder) => makeUmbrella(tree, folder))
		// A chart that depends on no other is not installed only because it is there.
		.flatMap((each) =>
			resolveLocalChart(tree, each).filter(
				({ chart }) => chart.path !== each.chart.path,
			),
		);
	return distinct([
		...found.flatMap((each) => resolveLocalChart(tree, each)),
		...umbrellas,
	]).map((each) =>
		isStack(each) ? withSurroundings(tree, each, { sets, everywhere }) : each,
	);
}

/** A chart in the repository that nothing refers to: its release is called by its folder, which is what people do. */
function makeUmbrella(tree: RepositoryTree, folder: string): FoundRelease {
	return {
		deployer: "Helm",
		name: posix.basename(folder),
		namespace: "",
		chart: {
			name: posix.basename(folder),
			version: undefined,
			source: undefined,
			path: folder,
		},
		values: [],
		place: { file: `${folder}/Chart.yaml`, line: 1 },
		variant: "",
		unknown: [],
		tool: { ...makeHelm(helmMajorIn(tree)), crds: "unknown" },
	};
}

function isSubchart(tree: RepositoryTree, folder: string): boolean {
	const parent = posix.dirname(folder);
	return (
		parent !== "." &&
		parent !== folder &&
		(tree.has(`${parent}/Chart.yaml`) || isSubchart(tree, parent))
	);
}

/** What installs a release once, before a controller takes over. */
const starters = ["Helmfile", "Helm", "Terraform"];

/** Each release once. */
function distinct(releases: readonly FoundRelease[]): FoundRelease[] {
	const byPlace = Map.groupBy(
		releases,
		({ place, name, chart }) =>
			`${place.file}:${place.line} ${name} ${chart.name}`,
	);
	const each = [...byPlace.values()].flatMap((same) => {
		const variants = Map.groupBy(same, ({ variant }) => variant);
		return [...variants.values()].flatMap(([first]) =>
			first ? [variants.size > 1 ? first : { ...first, variant: "" }] : [],
		);
	});
	const keyOf = ({ namespace, name, chart }: FoundRelease) =>
		`${namespace}/${name} ${chart.name}`;
	const controlled = new Set(
		each
			.filter(({ deployer }) => !starters.includes(deployer))
			.map((release) => keyOf(release)),
	);
	return each.filter(
		(release) =>
			!starters.includes(release.deployer) || !controlled.has(keyOf(release)),
	);
}
