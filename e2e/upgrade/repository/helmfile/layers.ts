import { isMap } from "../../../common/parsing/yaml-map.ts";
import { pathFrom, type RepositoryTree } from "../git/tree.ts";
import {
	type ReadValues,
	readValuesFrom,
	readValuesMap,
	readValuesText,
} from "../release.ts";
import type { TemplateContext } from "../templates/evaluate.ts";
import { renderTemplate } from "../templates/render.ts";
import { replaceTexts } from "../templates/texts.ts";
import { renderHelmfileText } from "./render-file.ts";

/** One of a release's values: a file, perhaps a template, or the values themselves. */
export function readLayer(
	tree: RepositoryTree,
	layer: unknown,
	folder: string,
	file: string,
	context: TemplateContext,
): ReadValues {
	if (isMap(layer)) return readValuesMap(layer, `${file} (values)`);
	const name = renderTemplate(String(layer), context).text;
	const path = pathFrom(folder, name);
	const text = tree.read(path);
	if (text === undefined || !path.endsWith(".gotmpl"))
		return readValuesFrom(tree, path);
	const rendered = renderHelmfileText(tree, path, text, context);
	const values = readValuesText(rendered.text, path);
	return {
		files: values.files,
		unknown: [...rendered.unknown, ...values.unknown],
		unread: [...rendered.unread, ...(values.unread ?? [])],
	};
}

/** One of `valuesTemplate`: its texts are templates. */
export function readTemplateLayer(
	tree: RepositoryTree,
	layer: unknown,
	folder: string,
	file: string,
	context: TemplateContext,
): ReadValues {
	const unknown = new Set<string>();
	const rendered = replaceTexts(layer, (text) => {
		const { text: result, ...about } = renderHelmfileText(
			tree,
			file,
			text,
			context,
		);
		for (const each of about.unknown) unknown.add(each);
		return result;
	});
	const values = readLayer(tree, rendered, folder, file, context);
	return { ...values, unknown: [...unknown, ...values.unknown] };
}
