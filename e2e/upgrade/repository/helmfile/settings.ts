import { posix } from "node:path";
import {
	listAt,
	mapsAt,
	stringAt,
	type YamlMap,
} from "../../../common/parsing/yaml-map.ts";
import { pathFrom, type RepositoryTree } from "../git/tree.ts";
import type { ReadValues } from "../release.ts";
import { readSetValues } from "../set-values.ts";
import type { TemplateContext } from "../templates/evaluate.ts";
import { renderTemplate } from "../templates/render.ts";
import type { UnreadPart } from "../unread.ts";

/** What a release sets one by one, in helmfile's order (https://helmfile.readthedocs.io/). */
export function readHelmfileSettings(
	tree: RepositoryTree,
	release: YamlMap,
	file: string,
	context: TemplateContext,
): ReadValues[] {
	return ["set", "setString", "setTemplate"].flatMap((key) =>
		mapsAt(release, key).map((setting): ReadValues => {
			const path = stringAt(setting, "name") ?? "";
			const named = stringAt(setting, "file");
			if (named !== undefined)
				return readSetFile(tree, path, pathFrom(posix.dirname(file), named));
			const written =
				"values" in setting
					? `{${listAt(setting, "values").map(String).join(",")}}`
					: String(setting.value ?? "");
			const { text, unknown } =
				key === "setTemplate"
					? renderTemplate(written, context)
					: { text: written, unknown: [] };
			const isString = key === "setString" && !("values" in setting);
			const values = readSetValues(
				[{ path, text, isString }],
				`${file} (${key})`,
			);
			return { ...values, unknown: [...unknown, ...values.unknown] };
		}),
	);
}

/** As with --set-file: the file's text is the value. */
function readSetFile(
	tree: RepositoryTree,
	path: string,
	file: string,
): ReadValues {
	const text = tree.read(file);
	return text === undefined
		? {
				files: [],
				unknown: [`${path} comes from the file ${file}: it is left out`],
			}
		: readSetValues([{ path, text, isString: true }], file);
}

/** What helmfile changes in the rendered objects. */
export function readRenderers(release: YamlMap): {
	unknown: string[];
	unread: UnreadPart[];
} {
	const used = ["strategicMergePatches", "jsonPatches", "transformers"].filter(
		(key) => listAt(release, key).length > 0,
	);
	return {
		unknown: used.map(
			(key) => `${key} change the rendered objects: they are left out`,
		),
		unread: used.map((what) => ({
			what,
			content: JSON.stringify(listAt(release, what)),
		})),
	};
}
