import { posix } from "node:path";
import { textsAt } from "../../common/parsing/yaml-map.ts";
import { readAppsValues } from "./argo/apps-chart.ts";
import { readChartTemplate } from "./argo/chart-templates.ts";
import { collectData } from "./flux/data.ts";
import { type AppliedSet, expandFlux } from "./flux/kustomizations.ts";
import { expandResourceSets } from "./flux/resource-sets.ts";
import { pathFrom, type RepositoryTree } from "./git/tree.ts";
import type { KustomizeBuilder } from "./kustomize/build.ts";
import { kindOf, type Resource } from "./kustomize/resource.ts";
import { isManifestFile } from "./kustomize/wanted.ts";

/** The objects of a repository, as they are applied. */
export interface CollectedSets {
	readonly sets: readonly AppliedSet[];
	/** All of them as they are written, to find what others refer to. */
	readonly everywhere: readonly Resource[];
}

/**
 * Collects what is applied together: by Flux; by a kustomization that no other one takes; and everything else, which
 * people apply file by file, or Argo CD by its folder.
 */
export function collectSets(builder: KustomizeBuilder): CollectedSets {
	const { tree } = builder;
	const data = collectData(builder);
	const yaml = tree.paths.filter(isManifestFile);
	const flux = expandFlux(builder, data);
	const roots = rootFolders(builder).map((folder): AppliedSet => {
		const { resources, charts } = builder.build(folder);
		return { origin: folder, resources, charts };
	});
	const users = yaml
		.flatMap((path) => builder.objectsOf(path))
		.filter((each) => kindOf(each) === "Application");
	const loose = yaml
		.filter((path) => !builder.used.has(path))
		.flatMap((path) => {
			const chart = chartOfTemplate(tree, path);
			if (chart !== undefined)
				return readChartTemplate(tree, path, chart, users);
			const isValues =
				/^\s*(applicationsets|(additionalA|a)pplications):/m.test(
					tree.read(path) ?? "",
				);
			return [
				...builder.objectsOf(path),
				...(isValues ? tree.documents(path).flatMap(readAppsValues) : []),
			];
		});
	const everywhere = [
		...[...flux, ...roots].flatMap(({ resources }) => resources),
		...yaml.flatMap((path) => builder.objectsOf(path)),
		...data,
	];
	const sets = [
		...[...flux, ...roots],
		{ origin: "", resources: loose, charts: [] },
	].map((set) => ({
		...set,
		resources: expandResourceSets(set.resources, everywhere),
	}));
	return { sets, everywhere: expandResourceSets(everywhere, everywhere) };
}

/** Folders with a kustomization that nothing else takes, and that is no component. */
function rootFolders(builder: KustomizeBuilder): string[] {
	const { tree } = builder;
	const files = tree.folders.flatMap((folder) => {
		const file = builder.fileIn(folder);
		return file === undefined ? [] : [{ folder, file }];
	});
	const taken = new Set(
		files.flatMap(({ folder, file }) => {
			const content = tree.document(file)?.content;
			return ["resources", "bases", "components"].flatMap((key) =>
				textsAt(content, key).map((entry) => pathFrom(folder, entry)),
			);
		}),
	);
	return files
		.filter(
			({ folder, file }) =>
				!taken.has(folder) &&
				!builder.used.has(folder) &&
				!builder.used.has(file) &&
				tree.document(file)?.content.kind !== "Component",
		)
		.map(({ folder }) => folder);
}

/** The folder of the chart that a file is a template of; undefined if it is none. */
function chartOfTemplate(
	tree: RepositoryTree,
	path: string,
): string | undefined {
	const at = path.lastIndexOf("/templates/");
	const folder = at === -1 ? undefined : path.slice(0, at);
	return folder !== undefined && tree.has(posix.join(folder, "Chart.yaml"))
		? folder
		: undefined;
}
