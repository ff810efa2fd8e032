import { posix } from "node:path";
import { mapAt, mapsAt, stringAt } from "../../../common/parsing/yaml-map.ts";
import { layerFiles } from "../../plan/values/values.ts";
import { objectsIn, parseDocuments } from "../documents.ts";
import { pathFrom, type RepositoryTree } from "../git/tree.ts";
import { makeResource, type Resource } from "../kustomize/resource.ts";
import { readValuesFrom } from "../release.ts";
import { renderTemplate } from "../templates/render.ts";
import { makeStandIns } from "../templates/stand-in.ts";
import { readApplicationValues } from "./application-values.ts";

const kinds =
	/kind["']?:\s*["']?(Application|ApplicationSet|HelmRelease|HelmChart)\b/;

/** What a chart's templates are rendered with. */
interface ChartUse {
	readonly name: string;
	readonly namespace: string;
	readonly values: ReturnType<typeof layerFiles>;
}

/**
 * The objects in a template of a chart, where it may hold releases: charts of Applications are common with Argo CD.
 *
 * @param applications of the repository; those that install the chart say its values
 */
export function readChartTemplate(
	tree: RepositoryTree,
	path: string,
	chart: string,
	applications: readonly Resource[],
): Resource[] {
	const text = tree.read(path) ?? "";
	if (!kinds.test(text)) return [];
	const uses = applications.flatMap((each) => usesOf(each, chart, tree));
	const usual = {
		...{ name: posix.basename(chart), namespace: "" },
		values: layerFiles(defaultsOf(tree, chart)),
	};
	return (uses.length > 0 ? uses : [usual]).flatMap((use) =>
		render(tree, path, chart, use),
	);
}

function defaultsOf(tree: RepositoryTree, chart: string) {
	return readValuesFrom(tree, pathFrom(chart, "values.yaml")).files;
}

/** How an Application installs a chart of the repository. */
function usesOf(
	{ object, place }: Resource,
	chart: string,
	tree: RepositoryTree,
): ChartUse[] {
	const spec = mapAt(object, "spec");
	return [mapAt(spec, "source"), ...mapsAt(spec, "sources")]
		.filter((source) => {
			const path = stringAt(source, "path");
			return path !== undefined && pathFrom(".", path) === chart;
		})
		.map((source) => {
			const helm = mapAt(source, "helm");
			const own = { version: undefined, source: undefined, path: chart };
			const reference = { name: posix.basename(chart), ...own };
			return {
				name:
					stringAt(helm, "releaseName") ??
					stringAt(object, "metadata", "name") ??
					"",
				namespace: stringAt(spec, "destination", "namespace") ?? "",
				values: layerFiles([
					...defaultsOf(tree, chart),
					...readApplicationValues(helm, reference, place, tree).files,
				]),
			};
		});
}

function render(
	tree: RepositoryTree,
	path: string,
	chart: string,
	{ name, namespace, values }: ChartUse,
): Resource[] {
	const text = tree.read(path) ?? "";
	const description = tree.document(pathFrom(chart, "Chart.yaml"))?.content;
	const helpers = [...tree.below(pathFrom(chart, "templates")).keys()]
		.filter((file) => file.endsWith(".tpl"))
		.map((file) => tree.read(pathFrom(chart, `templates/${file}`)) ?? "");
	const { text: rendered, ...about } = renderTemplate(
		text,
		{
			Values: values,
			Release: { Name: name, Namespace: namespace, Service: "Helm" },
			Chart: {
				Name: stringAt(description, "name"),
				Version: stringAt(description, "version"),
				AppVersion: stringAt(description, "appVersion"),
			},
		},
		helpers,
	);
	const objects = objectsIn(parseDocuments(rendered, path)).map(
		({ content }) => ({
			// Of a loop, the lines of what it makes are no lines of the file.
			...makeResource(content, { file: path, line: lineOfKind(text) }),
			...about,
		}),
	);
	const isLeftOut =
		objects.length === 0 && (about.unread.length > 0 || rendered.trim() !== "");
	const written = `${text}\n${tree.read(pathFrom(chart, "values.yaml")) ?? ""}`;
	return isLeftOut
		? makeStandIns(
				/kind["']?:\s*["']?Helm/.test(text) ? "HelmRelease" : "Application",
				posix.basename(path).replace(/\..*$/, ""),
				{ file: path, line: lineOfKind(text) },
				`the template ${path}`,
				written,
			)
		: objects;
}

function lineOfKind(text: string): number {
	return text.slice(0, kinds.exec(text)?.index ?? 0).split("\n").length;
}
