import { posix } from "node:path";
import {
	mapAt,
	mapsAt,
	stringAt,
	type YamlMap,
} from "../../../common/parsing/yaml-map.ts";
import { makeArgo } from "../../tools/argo.ts";
import type { Tool } from "../../tools/tool.ts";
import { type ChartOfGit, readChartOfGit } from "../chart-of-git.ts";
import type { FilePlace } from "../documents.ts";
import { pathFrom, type RepositoryTree } from "../git/tree.ts";
import type { KustomizeBuilder } from "../kustomize/build.ts";
import { readInflatedCharts } from "../kustomize/helm-charts.ts";
import type { ChartReference, FoundRelease } from "../release.ts";
import type { UnreadPart } from "../unread.ts";
import { readApplicationValues } from "./application-values.ts";

/** An Application, written as such or made by an ApplicationSet. */
export interface Application {
	readonly object: YamlMap;
	readonly place: FilePlace;
	readonly unknown: readonly string[];
	readonly unread?: readonly UnreadPart[];
	readonly problem?: string;
	/** Tells apart what one ApplicationSet makes; empty for an Application. */
	readonly variant: string;
	/** Whether an ApplicationSet makes it. */
	readonly isGenerated: boolean;
}

/** How Argo CD installs a source of an Application. */
function toolOf(
	{ object, place, isGenerated }: Application,
	helm: YamlMap,
): Tool {
	return makeArgo(mapAt(object, "spec"), helm, {
		place,
		kind: isGenerated ? "ApplicationSet" : "Application",
		name: stringAt(object, "metadata", "name") ?? "",
		namespace: stringAt(object, "metadata", "namespace") ?? "",
	});
}

/** The releases that an Application installs: charts, and charts of a kustomization that it applies. */
export function readApplication(
	application: Application,
	builder: KustomizeBuilder,
): FoundRelease[] {
	const { tree } = builder;
	const { object } = application;
	const sources = [
		...("source" in mapAt(object, "spec")
			? [mapAt(object, "spec", "source")]
			: []),
		...mapsAt(object, "spec", "sources"),
	];
	return sources.flatMap((source) => {
		const chart = chartOfSource(source, tree);
		if (chart) return [makeFound(application, source, chart, tree)];
		const path = stringAt(source, "path");
		const folder = path === undefined ? undefined : pathFrom(".", path);
		if (folder === undefined) return [];
		const elsewhere = chartElsewhere(source, folder, tree);
		if (elsewhere)
			return [
				makeFound(
					{
						...application,
						unknown: [...application.unknown, ...elsewhere.unknown],
						unread: [...(application.unread ?? []), ...elsewhere.unread],
					},
					source,
					elsewhere.chart,
					tree,
				),
			];
		if (!builder.fileIn(folder)) return [];
		builder.used.add(folder);
		return readInflatedCharts(tree, builder.build(folder).charts, folder).map(
			(each) => ({
				...each,
				deployer: "Argo CD" as const,
				tool: { ...toolOf(application, {}), crds: each.tool.crds },
				namespace:
					each.namespace ||
					(stringAt(object, "spec", "destination", "namespace") ?? ""),
				unknown: [...each.unknown, ...application.unknown],
				unread: [...(each.unread ?? []), ...(application.unread ?? [])],
			}),
		);
	});
}

function chartOfSource(
	source: YamlMap,
	tree: RepositoryTree,
): ChartReference | undefined {
	const url = (stringAt(source, "repoURL") ?? "").replace(/\/$/, "");
	const name = stringAt(source, "chart");
	const revision = stringAt(source, "targetRevision");
	const version = revision === "*" || revision === "" ? undefined : revision;
	if (name !== undefined) {
		// Argo CD names registries without a scheme.
		const registry = `oci://${posix.join(url.replace("oci://", ""), name)}`;
		const source = /^https?:/.test(url) ? url : url ? registry : undefined;
		return { name: name.split("/").at(-1) ?? name, version, source };
	}
	if (url.startsWith("oci://"))
		return { name: url.split("/").at(-1) ?? "", version, source: url };
	const path = stringAt(source, "path");
	if (path === undefined) return undefined;
	const folder = pathFrom(".", path);
	return tree.has(pathFrom(folder, "Chart.yaml"))
		? {
				name: folder.split("/").at(-1) ?? "",
				version: undefined,
				source: undefined,
				path: folder,
			}
		: undefined;
}

/** A chart in the Git repository of another project; undefined if a path leads to anything else. */
function chartElsewhere(
	source: YamlMap,
	folder: string,
	tree: RepositoryTree,
): ChartOfGit | undefined {
	const url = stringAt(source, "repoURL") ?? "";
	const revision = stringAt(source, "targetRevision");
	const name = posix.basename(folder);
	const isChart =
		"helm" in source ||
		name === "kube-prometheus-stack" ||
		revision?.startsWith(`${name}-`) ||
		/helm-charts(\.git)?\/?$/.test(url);
	return isChart && !tree.isFolder(folder)
		? readChartOfGit(folder, revision, url)
		: undefined;
}

function makeFound(
	application: Application,
	source: YamlMap,
	chart: ChartReference,
	tree: RepositoryTree,
): FoundRelease {
	const { object, place, unknown, unread = [], variant, problem } = application;
	const helm = mapAt(source, "helm");
	const values = readApplicationValues(helm, chart, place, tree);
	return {
		deployer: "Argo CD",
		name:
			stringAt(helm, "releaseName") ??
			stringAt(object, "metadata", "name") ??
			"",
		namespace: stringAt(object, "spec", "destination", "namespace") ?? "",
		chart: problem === undefined ? chart : { ...chart, problem },
		values: values.files,
		place,
		variant,
		unknown: [...unknown, ...values.unknown],
		unread: [...unread, ...values.unread],
		tool: toolOf(application, helm),
	};
}
