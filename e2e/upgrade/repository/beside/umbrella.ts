import { posix } from "node:path";
import type { YamlMap } from "../../../common/parsing/yaml-map.ts";
import { layerFiles } from "../../plan/values/values.ts";
import { objectsIn, parseDocuments, type YamlDocument } from "../documents.ts";
import { pathFrom, type RepositoryTree } from "../git/tree.ts";
import type { FoundRelease } from "../release.ts";
import { renderTemplate } from "../templates/render.ts";

/** What the templates of an umbrella chart become, as far as they can be read. */
export interface UmbrellaObjects {
	readonly objects: readonly UmbrellaObject[];
	/** Whether some of it may be missing. */
	readonly hasGaps: boolean;
}

interface UmbrellaObject extends YamlDocument {
	/** Whether all of its template was read. */
	readonly isWhole: boolean;
}

/** The objects that the umbrella chart of a release makes itself, beside the charts that it depends on. */
export function readUmbrella(
	tree: RepositoryTree,
	release: FoundRelease,
): UmbrellaObjects {
	const { umbrella } = release;
	if (!umbrella) return { objects: [], hasGaps: false };
	const folder = pathFrom(umbrella.path, "templates");
	const found = [...tree.below(folder).keys()]
		.filter((path) => /\.ya?ml$/.test(path) && !path.startsWith("tests/"))
		.map((path) => readUmbrellaTemplate(tree, pathFrom(folder, path), release));
	return {
		objects: found.flatMap(({ objects }) => objects),
		hasGaps: found.some(({ hasGaps }) => hasGaps),
	};
}

/** The objects of one template of a release's umbrella chart. */
export function readUmbrellaTemplate(
	tree: RepositoryTree,
	path: string,
	release: FoundRelease,
): UmbrellaObjects {
	const { umbrella, name, namespace } = release;
	const folder = umbrella?.path ?? ".";
	const templates = pathFrom(folder, "templates");
	const helpers = [...tree.below(templates).keys()]
		.filter((file) => file.endsWith(".tpl"))
		.map((file) => tree.read(pathFrom(templates, file)) ?? "");
	// With each version of the chart its own is another one, which changes nothing.
	const version = "0.0.0";
	const { text, unknown, unread } = renderTemplate(
		tree.read(path) ?? "",
		{
			Values: layerFiles(umbrella?.values ?? []),
			Release: { Name: name, Namespace: namespace, Service: "Helm" },
			Chart: {
				...{ Name: posix.basename(folder), Version: version },
				AppVersion: version,
			},
		},
		helpers,
	);
	const documents = parseDocuments(text, path);
	const written = text
		.split(/^---.*$/m)
		.filter((part) => part.replaceAll(/^\s*#.*$/gm, "").trim() !== "");
	const hasGaps =
		unknown.length + unread.length > 0 || documents.length < written.length;
	return {
		objects: objectsIn(documents).map((each) => ({
			...each,
			isWhole: !hasGaps,
		})),
		hasGaps,
	};
}

/** An object as it is compared: its labels name the version of the chart. */
export function withoutLabels(object: YamlMap): YamlMap {
	const { metadata } = object;
	if (typeof metadata !== "object" || metadata === null) return object;
	const { labels: _, ...rest } = { labels: undefined, ...metadata };
	return { ...object, metadata: rest };
}
