import { isMap, yamlAt } from "../../../common/parsing/yaml-map.ts";
import { isTrueInGo, templateFunctions } from "./functions.ts";
import { splitKeys, splitOutside } from "./words.ts";

/** What a template may look up, e.g. `{ Environment: { Name: "default" } }`. */
export type TemplateContext = Readonly<Record<string, unknown>>;

/** A value that is not in the context, by the expression that asks for it. */
export class UnknownValue {
	readonly expression: string;
	constructor(expression: string) {
		this.expression = expression;
	}
}

/** What an expression may refer to. */
export interface TemplateScope {
	readonly root: TemplateContext;
	/** What a dot means: the root, or what `range` and `with` are about. */
	readonly dot: unknown;
	readonly variables: ReadonlyMap<string, { readonly value: unknown }>;
	/** Renders a text with another dot, for `tpl`. */
	readonly renderText: (text: string, dot: unknown) => string;
	/** The text of a file of the repository, for `readFile`; undefined if there is none, or that is not known. */
	readonly readFile: (path: string) => string | undefined;
	/** Renders what `define` has named; undefined if nothing has that name. */
	readonly renderNamed: (name: string, dot: unknown) => string | undefined;
}

/** The value of a pipeline. */
export function evaluate(expression: string, scope: TemplateScope): unknown {
	const [first = "", ...filters] = splitOutside(expression, "|");
	return filters.reduce(
		(value, filter) => call(filter, [value], scope, expression),
		call(first, [], scope, expression),
	);
}

/** Calls a function, or looks a value up. @param piped comes last, as in Go */
function call(
	text: string,
	piped: readonly unknown[],
	scope: TemplateScope,
	expression: string,
): unknown {
	const [name = "", ...rest] = splitOutside(text, " ");
	const isAlone = rest.length === 0 && piped.length === 0;
	if (isAlone && !Object.hasOwn(templateFunctions, name))
		return lookUp(name, scope, expression);
	const args = [
		...rest.map((each) => lookUp(each, scope, expression)),
		...piped,
	];
	const isUnknown = (each: unknown) => each instanceof UnknownValue;
	const [a, b] = args;
	if (name === "default") return isUnknown(b) || !isTrueInGo(b) ? a : b;
	// Where the first is enough, it does not matter what the others are.
	if (name === "or" && !isUnknown(a) && isTrueInGo(a)) return a;
	if (name === "and" && !isUnknown(a) && !isTrueInGo(a)) return a;
	if (args.some(isUnknown)) return new UnknownValue(expression);
	if (name === "tpl") return scope.renderText(String(a), b);
	if (name === "include")
		return scope.renderNamed(String(a), b) ?? new UnknownValue(expression);
	if (name === "readFile")
		return scope.readFile(String(a)) ?? new UnknownValue(expression);
	const known = Object.hasOwn(templateFunctions, name)
		? templateFunctions[name]
		: undefined;
	return known ? known(...args) : new UnknownValue(expression);
}

function lookUp(
	word: string,
	scope: TemplateScope,
	expression: string,
): unknown {
	const literal = /^(?:`([^`]*)`|"((?:[^"\\]|\\.)*)")$/s.exec(word);
	if (literal) return literal[1] ?? withoutEscapes(literal[2] ?? "");
	if (/^-?\d+(\.\d+)?$/.test(word)) return Number(word);
	if (word === "true" || word === "false") return word === "true";
	if (word === "nil") return undefined;
	const split = splitKeys(word);
	if (!split) return new UnknownValue(expression);
	const { start, keys } = split;
	const base = startOf(start, scope, expression);
	if (base instanceof UnknownValue) return base;
	const found = keys.length === 0 ? base : yamlAt(base, ...keys);
	// What the root has not, somebody else may pass; a part of what is known is known.
	const isPart =
		base !== scope.root && (isMap(base) || base === undefined || base === null);
	return found === undefined && !isPart ? new UnknownValue(expression) : found;
}

function startOf(
	start: string,
	scope: TemplateScope,
	expression: string,
): unknown {
	if (start.startsWith("(")) return evaluate(start.slice(1, -1), scope);
	if (start === "") return scope.dot;
	if (start === "$") return scope.root;
	const variable = scope.variables.get(start);
	return variable ? variable.value : new UnknownValue(expression);
}

function withoutEscapes(text: string): string {
	return text.replaceAll(/\\(.)/g, (_, each: string) =>
		each === "n" ? "\n" : each === "t" ? "\t" : each,
	);
}
