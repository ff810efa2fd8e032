import { isMap, yamlAt } from "../../common/parsing/yaml-map.ts";
import { makePlaceholder } from "../../harness/chart/encryption.ts";

/** What a template may look up, e.g. `{ Environment: { Name: "default" } }`. */
export type TemplateContext = Readonly<Record<string, unknown>>;

/** A rendered template, with what could not be known, a sentence each. */
export interface RenderedTemplate {
	readonly text: string;
	readonly unknown: readonly string[];
}

/** A value that is not in the context, by the expression that asks for it. */
class Unknown {
	readonly expression: string;
	constructor(expression: string) {
		this.expression = expression;
	}
}

interface Branch {
	/** Whether text is kept. */
	isKept: boolean;
	/** Whether one of the branches of this `if` was kept. */
	wasKept: boolean;
}

/**
 * Renders the simple part of Go's templates: look-ups, literals, `default`, `env`, and `if` on them. What it does not
 * know becomes a placeholder; loops are left out.
 */
export function renderTemplate(
	text: string,
	context: TemplateContext,
): RenderedTemplate {
	const unknown = new Set<string>();
	const branches: Branch[] = [];
	let out = "";
	const isKept = () => branches.every((each) => each.isKept);
	const parts = text.split(
		/(\{\{-?\s*(?:`[^`]*`|"(?:[^"\\]|\\.)*"|[^`"}]|\}(?!\}))*?\s*-?\}\})/,
	);
	let trimNext = false;
	for (const [i, part] of parts.entries()) {
		if (i % 2 === 0) {
			if (isKept()) out += trimNext ? part.trimStart() : part;
			trimNext = false;
			continue;
		}
		if (part.startsWith("{{-") && isKept()) out = out.trimEnd();
		trimNext = part.endsWith("-}}");
		const action = part.replace(/^\{\{-?\s*/, "").replace(/\s*-?\}\}$/, "");
		if (changeBranch(action, branches, context, unknown)) continue;
		if (!isKept() || /^(\/\*|\$\w+\s*:?=)/.test(action)) continue;
		const value = evaluate(action, context);
		if (value instanceof Unknown) {
			const name = makePlaceholder(nameIn(value.expression));
			unknown.add(
				`{{ ${value.expression} }} is not known: ${name} stands for it`,
			);
			out += name;
		} else out += String(value ?? "");
	}
	return { text: out, unknown: [...unknown] };
}

/** @returns whether the action was about branches */
function changeBranch(
	action: string,
	branches: Branch[],
	context: TemplateContext,
	unknown: Set<string>,
): boolean {
	const [, keyword, condition = ""] =
		/^(if|else if|else|end|range|with|define|block)\b\s*(.*)$/s.exec(action) ??
		[];
	const last = branches.at(-1);
	switch (keyword) {
		case "if": {
			const isTrue = isTruthy(condition, context, unknown);
			branches.push({ isKept: isTrue, wasKept: isTrue });
			return true;
		}
		case "else if":
		case "else":
			if (last) {
				last.isKept =
					!last.wasKept &&
					(keyword === "else" || isTruthy(condition, context, unknown));
				last.wasKept ||= last.isKept;
			}
			return true;
		case "end":
			branches.pop();
			return true;
		case undefined:
			return false;
		default:
			if (keyword !== "define")
				unknown.add(`{{ ${action} }} is left out, with what is in it`);
			branches.push({ isKept: false, wasKept: keyword === "define" });
			return true;
	}
}

function isTruthy(
	condition: string,
	context: TemplateContext,
	unknown: Set<string>,
): boolean {
	const value = evaluate(condition, context);
	if (value instanceof Unknown) {
		unknown.add(`{{ if ${condition} }} is not known: it is taken for true`);
		return true;
	}
	return isTrueInGo(value);
}

function isTrueInGo(value: unknown): boolean {
	if (Array.isArray(value)) return value.length > 0;
	if (isMap(value)) return Object.keys(value).length > 0;
	return Boolean(value);
}

function evaluate(expression: string, context: TemplateContext): unknown {
	const [first = "", ...filters] = splitOutsideQuotes(expression, "|");
	return filters.reduce(
		(value, filter) => call(filter, [value], context, expression),
		call(first, [], context, expression),
	);
}

/** Calls a function, or looks a value up. @param piped comes last, as in Go */
function call(
	text: string,
	piped: readonly unknown[],
	context: TemplateContext,
	expression: string,
): unknown {
	const words = splitOutsideQuotes(text.trim(), " ").filter(Boolean);
	const [name = "", ...rest] = words;
	if (rest.length === 0 && piped.length === 0)
		return lookUp(name, context, expression);
	const args = [
		...rest.map((each) => lookUp(each, context, expression)),
		...piped,
	];
	const [a, b] = args;
	const hasUnknown = args.some((each) => each instanceof Unknown);
	if (name === "default") return b instanceof Unknown || !isTrueInGo(b) ? a : b;
	if (hasUnknown) return new Unknown(expression);
	switch (name) {
		case "eq":
			return a === b;
		case "ne":
			return a !== b;
		case "not":
			return !isTrueInGo(a);
		case "and":
			return args.every(isTrueInGo);
		case "or":
			return args.find(isTrueInGo) ?? args.at(-1);
		case "quote":
			return JSON.stringify(String(a));
		case "lower":
			return String(a).toLowerCase();
		case "upper":
			return String(a).toUpperCase();
		case "trim":
		case "toString":
		case "squote":
		case "required":
			return args.at(-1);
		default:
			return new Unknown(expression);
	}
}

function lookUp(
	word: string,
	context: TemplateContext,
	expression: string,
): unknown {
	const literal = /^(?:`([^`]*)`|"((?:[^"\\]|\\.)*)")$/s.exec(word);
	if (literal) return literal[1] ?? literal[2];
	if (/^-?\d+$/.test(word)) return Number(word);
	if (word === "true" || word === "false") return word === "true";
	if (/^\(.*\)$/.test(word)) return evaluate(word.slice(1, -1), context);
	const found = /^\$?\.?[\w.-]+$/.test(word)
		? yamlAt(context, ...word.replace(/^\$?\.?/, "").split("."))
		: undefined;
	return found === undefined ? new Unknown(expression) : found;
}

function splitOutsideQuotes(text: string, separator: string): string[] {
	const parts = [""];
	for (const [token] of text.matchAll(
		/`[^`]*`|"(?:[^"\\]|\\.)*"|\((?:[^()"`]|"[^"]*"|`[^`]*`)*\)|./gs,
	)) {
		if (token === separator) parts.push("");
		else parts[parts.length - 1] += token;
	}
	return parts.map((part) => part.trim());
}

/** The last name in an expression, e.g. `domain` of `.Values.cluster.domain | quote`. */
function nameIn(expression: string): string {
	return (
		/"([^"]+)"/.exec(expression)?.[1] ??
		/[\w.-]+/.exec(expression)?.[0].split(".").at(-1) ??
		""
	);
}
