import { posix } from "node:path";
import { pathFrom, type RepositoryTree } from "../git/tree.ts";
import type { TemplateContext } from "../templates/evaluate.ts";
import { type RenderedTemplate, renderTemplate } from "../templates/render.ts";

/** Renders a template of Helmfile's. @param file that it is in: `readFile` begins at its folder */
export function renderHelmfileText(
	tree: RepositoryTree,
	file: string,
	text: string,
	context: TemplateContext,
): RenderedTemplate {
	const folder = posix.dirname(file);
	return renderTemplate(text, context, [], (path) =>
		tree.read(pathFrom(folder, path)),
	);
}
