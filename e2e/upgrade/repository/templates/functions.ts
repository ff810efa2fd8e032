import { isEqual, kebabCase, merge } from "es-toolkit";
import { parse } from "yaml";
import { asGoReads, writeGoYaml } from "../../../common/parsing/go-yaml.ts";
import { isMap, yamlAt } from "../../../common/parsing/yaml-map.ts";

/** Whether Go takes a value for true. */
export function isTrueInGo(value: unknown): boolean {
	if (Array.isArray(value)) return value.length > 0;
	if (isMap(value)) return Object.keys(value).length > 0;
	return Boolean(value);
}

/** A value as a template prints it. */
export function printValue(value: unknown): string {
	if (value === undefined || value === null) return "";
	return isMap(value) || Array.isArray(value)
		? JSON.stringify(value)
		: String(value);
}

type TemplateFunction = (...args: readonly unknown[]) => unknown;

const text = printValue;
const number = (value: unknown) => Number(value ?? 0);
const yaml = (value: unknown) => writeGoYaml(value).trimEnd();
const indent = (count: unknown, value: unknown) =>
	text(value).replaceAll(/^/gm, " ".repeat(number(count)));

function at(value: unknown, key: unknown): unknown {
	return Array.isArray(value) ? value[number(key)] : yamlAt(value, text(key));
}

function atPath(map: unknown, path: unknown): unknown {
	return text(path).split(".").reduce<unknown>(at, map);
}

/** Sprig's `get <map> <key>`, or Helmfile's `get <path> [<default>] <map>`. */
function getAt(...args: readonly unknown[]): unknown {
	const [first, second] = args;
	if (args.length === 2 && isMap(first)) return at(first, second);
	const found = atPath(args.at(-1), first);
	return args.length > 2 ? (found ?? second) : found;
}

function fromText(value: unknown): unknown {
	try {
		const content: unknown = parse(text(value), {
			logLevel: "silent",
			...asGoReads,
		});
		return content;
	} catch {
		return undefined;
	}
}

function pairs(args: readonly unknown[]) {
	return Object.fromEntries(
		args.flatMap((key, i) =>
			i % 2 === 0 ? [[text(key), args[i + 1]] as const] : [],
		),
	);
}

/** As Go's, with the verbs that templates use. */
function format(form: unknown, ...args: readonly unknown[]): string {
	let i = 0;
	return text(form).replaceAll(/%[-+0-9.]*([sdvqt%])/g, (_, verb: string) => {
		if (verb === "%") return "%";
		const value = args[i++];
		return verb === "q" ? JSON.stringify(text(value)) : text(value);
	});
}

/** Those of Go, of Sprig and of Helm that need nothing but their arguments. */
export const templateFunctions: Readonly<Record<string, TemplateFunction>> = {
	eq: (a, ...others) => others.some((each) => isEqual(a, each)),
	ne: (a, b) => !isEqual(a, b),
	lt: (a, b) => number(a) < number(b),
	le: (a, b) => number(a) <= number(b),
	gt: (a, b) => number(a) > number(b),
	ge: (a, b) => number(a) >= number(b),
	not: (a) => !isTrueInGo(a),
	and: (...args) => args.find((each) => !isTrueInGo(each)) ?? args.at(-1),
	or: (...args) => args.find(isTrueInGo) ?? args.at(-1),
	empty: (a) => !isTrueInGo(a),
	coalesce: (...args) => args.find(isTrueInGo),
	ternary: (yes, no, condition) => (isTrueInGo(condition) ? yes : no),
	required: (_, value) => value,
	len: (a) =>
		isMap(a) ? Object.keys(a).length : (Array.isArray(a) ? a : text(a)).length,
	index: (value, ...keys) => keys.reduce(at, value),
	get: getAt,
	getOrNil: (path, map) => atPath(map, path),
	dig: (...args) => {
		const keys = args.slice(0, -2);
		return keys.reduce(at, args.at(-1)) ?? args.at(-2);
	},
	hasKey: (map, key) => isMap(map) && Object.hasOwn(map, text(key)),
	has: (value, list) =>
		Array.isArray(list) && list.some((each) => isEqual(each, value)),
	keys: (map) => (isMap(map) ? Object.keys(map) : []),
	values: (map) => (isMap(map) ? Object.values(map) : []),
	list: (...args) => args,
	dict: (...args) => pairs(args),
	merge: (...maps) =>
		maps
			.filter(isMap)
			.toReversed()
			.reduce((below, above) => merge(structuredClone(below), above), {}),
	mergeOverwrite: (...maps) =>
		maps
			.filter(isMap)
			.reduce((below, above) => merge(structuredClone(below), above), {}),
	toYaml: yaml,
	toJson: (a) => JSON.stringify(a),
	fromYaml: fromText,
	fromJson: fromText,
	toString: text,
	quote: (...args) => args.map((each) => JSON.stringify(text(each))).join(" "),
	squote: (...args) => args.map((each) => `'${text(each)}'`).join(" "),
	print: (...args) => args.map(text).join(""),
	printf: format,
	lower: (a) => text(a).toLowerCase(),
	upper: (a) => text(a).toUpperCase(),
	title: (a) => text(a).replaceAll(/\b\w/g, (each) => each.toUpperCase()),
	kebabcase: (a) => kebabCase(text(a)),
	trim: (a) => text(a).trim(),
	trimSuffix: (end, a) =>
		text(a).replace(new RegExp(`${RegExp.escape(text(end))}$`), ""),
	trimPrefix: (start, a) =>
		text(a).replace(new RegExp(`^${RegExp.escape(text(start))}`), ""),
	trunc: (count, a) => text(a).slice(0, number(count)),
	replace: (old, now, a) => text(a).replaceAll(text(old), () => text(now)),
	contains: (part, a) => text(a).includes(text(part)),
	hasPrefix: (start, a) => text(a).startsWith(text(start)),
	hasSuffix: (end, a) => text(a).endsWith(text(end)),
	join: (separator, list) =>
		(Array.isArray(list) ? list : [list]).map(text).join(text(separator)),
	splitList: (separator, a) => text(a).split(text(separator)),
	indent,
	nindent: (count, value) => `\n${indent(count, value)}`,
	int: number,
	add: (...args) => args.map(number).reduce((a, b) => a + b, 0),
	b64enc: (a) => Buffer.from(text(a)).toString("base64"),
	b64dec: (a) => Buffer.from(text(a), "base64").toString(),
};
