import { isMap } from "../../../common/parsing/yaml-map.ts";
import { makePlaceholder } from "../../../harness/chart/encryption.ts";
import type { TemplateContext } from "../templates/evaluate.ts";
import { renderTemplate } from "../templates/render.ts";
import { replaceTexts } from "../templates/texts.ts";

/** Renders every text below a value. @param isGo whether they are Go's templates @param unknown gets a sentence for each placeholder */
export function renderStrings(
	value: unknown,
	context: TemplateContext,
	isGo: boolean,
	unknown: Set<string>,
): unknown {
	const render = (text: string): string => {
		if (!text.includes("{{")) return text;
		if (!isGo) return replaceTags(text, context, unknown);
		const rendered = renderTemplate(text, context);
		for (const sentence of rendered.unknown) unknown.add(sentence);
		return rendered.text;
	};
	return replaceTexts(value, render);
}

/**
 * What generators that ask a cluster, a forge or a plugin call their parameters
 * (https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators/).
 */
const generated =
	/^(name|nameNormalized|server|project|url|sha|short_sha(_7)?|organization|repository(_id)?|number|title|author|labels|clusterName|(head_|target_)?(branch|sha|short_sha)(_slug|_7)?|branchNormalized|(metadata|values|path)[.[].+)$/;

/** The older templates: `{{path.basename}}`. Argo CD leaves what is no parameter, such as the template of an alert. */
function replaceTags(
	text: string,
	context: TemplateContext,
	unknown: Set<string>,
): string {
	const tags = flattenParameters(context);
	return text.replaceAll(
		/\{\{\s*([\w.[\]/-]+)\s*\}\}/g,
		(whole, name: string) => {
			const known = tags.get(name);
			if (known !== undefined || !generated.test(name)) return known ?? whole;
			const placeholder = makePlaceholder(name);
			unknown.add(
				`{{${name}}} of the generator is not known: ${placeholder} stands for it`,
			);
			return placeholder;
		},
	);
}

/** Parameters by the names that the older templates have for them. */
export function flattenParameters(
	value: unknown,
	prefix = "",
): Map<string, string> {
	const tags = new Map<string, string>();
	for (const [key, each] of Object.entries(isMap(value) ? value : {})) {
		const name = prefix ? `${prefix}.${key}` : key;
		if (isMap(each))
			for (const [inner, text] of flattenParameters(each, name))
				tags.set(inner, text);
		else tags.set(name, String(each));
	}
	if (prefix !== "") return tags;
	for (const [name, path] of [...tags]) {
		const own = /^(.*\.)?path(?=\.path$)/.exec(name)?.[0];
		if (own === undefined) continue;
		tags.set(own, path);
		for (const [i, segment] of path.split("/").entries())
			tags.set(`${own}[${i}]`, segment);
	}
	return tags;
}
