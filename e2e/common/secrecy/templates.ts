import { ofTemplate } from "./ordinary.ts";

/**
 * What Helm and Alertmanager evaluate: up to the first end that is in no text of it, or else up to the first end. What can
 * be read in one way only is read once, and the limits are for many that never end.
 */
const action =
	/\{\{-?(?:((?:`[^`]{0,1000}`|"(?:[^"\\]|\\.){0,1000}"|(?!\}\})[^"`]){0,1000}?)|((?:(?!\}\})[\s\S]){0,1000}?))-?\}\}/g;
const ofActionsAlone = /^[ \t]*(?:\{\{(?![-\s]*["`])[^{}]*\}\}[ \t]*)+\r?\n/gm;
const literal = /"((?:[^"\\]|\\.)*)"|`([^`]*)`/g;
/** A template in a template, as for External Secrets. */
const deepest = 3;

/** A text with templates in it, as far as it can be read without evaluating them. */
export interface ReadTemplate {
	/** Texts in the place of what only says them, as in `{{ "text" | quote }}`, and a mark in the place of everything else. */
	readonly text: string;
	/** Other texts in the templates. */
	readonly literals: readonly string[];
}

/** Reads a text in which there may be templates. */
export function readTemplate(text: string): ReadTemplate {
	const literals: string[] = [];
	let read = text;
	for (let depth = 0; depth < deepest && read.includes("{{"); depth++)
		read = read
			.replaceAll(ofActionsAlone, "")
			.replaceAll(action, (_: string, whole = "", cut = "") => {
				const inside = `${whole}${cut}`.trim();
				const own = [...inside.matchAll(literal)].map(
					([, quoted, raw = ""]) => quoted?.replaceAll(/\\(.)/g, "$1") ?? raw,
				);
				const [first = ""] = own;
				if (/^["`]/.test(inside)) {
					literals.push(...own.slice(1));
					return first;
				}
				literals.push(...own);
				return ofTemplate;
			});
	return { text: read, literals };
}
