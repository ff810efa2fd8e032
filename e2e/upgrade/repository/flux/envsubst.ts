/** What is known of a variable. */
export interface EnvsubstValue {
	/** Empty if it is not set. */
	readonly text: string;
	/** Whether the text only stands for the value: then nothing can be made of it. */
	readonly isPlaceholder: boolean;
}

/** @param hasDefault whether the text has a default for it */
type ResolveVariable = (name: string, hasDefault: boolean) => EnvsubstValue;

const form = /^(#?)([a-zA-Z_]\w*)(.*)$/s;
const operators =
	/^(:[-=?+]|[-=]|\^\^|\^|,,|,|##|#|%%|%|\/\/|\/#|\/%|\/|:)(.*)$/s;
const defaults = [":-", ":=", ":?", ":+", "-", "="];

/** Replaces `${NAME}` in a text, with the functions that Flux has (https://github.com/fluxcd/pkg, envsubst). */
export function expandVariables(
	text: string,
	resolve: ResolveVariable,
): string {
	let out = "";
	for (let i = 0; i < text.length; i++) {
		if (text.startsWith("$${", i)) {
			out += "${";
			i += 2;
			continue;
		}
		const end = text.startsWith("${", i) ? closingBrace(text, i) : undefined;
		const [, length, name, rest = ""] =
			end === undefined ? [] : (form.exec(text.slice(i + 2, end)) ?? []);
		const expanded =
			name === undefined
				? undefined
				: expand(name, length ?? "", rest, resolve);
		if (expanded === undefined || end === undefined) out += text[i];
		else {
			out += expanded;
			i = end;
		}
	}
	return out;
}

/** Where the brace closes that opens at a place. */
function closingBrace(text: string, at: number): number | undefined {
	let depth = 0;
	for (let i = at; i < text.length; i++) {
		if (text.startsWith("${", i)) depth++;
		if (text[i] === "}" && --depth === 0) return i;
		// A variable ends in its line, and others are text.
		if (text[i] === "\n") return undefined;
	}
	return undefined;
}

/** Undefined if it is no variable. */
function expand(
	name: string,
	length: string,
	rest: string,
	resolve: ResolveVariable,
): string | undefined {
	const [, operator, argument = ""] = operators.exec(rest) ?? [];
	if (rest !== "" && operator === undefined) return undefined;
	const isDefault = operator !== undefined && defaults.includes(operator);
	const { text, isPlaceholder } = resolve(name, isDefault);
	if (isPlaceholder) return text;
	if (length) return String(Buffer.byteLength(text));
	if (isDefault) return text || expandVariables(argument, resolve);
	return operator === undefined
		? text
		: apply(operator, text, argument, (part) => expandVariables(part, resolve));
}

function apply(
	operator: string,
	text: string,
	argument: string,
	expanded: (part: string) => string,
): string {
	const [first = "", ...others] = argument.split(operator === ":" ? ":" : "/");
	const [old, now] = [expanded(first), expanded(others.join("/"))];
	switch (operator) {
		case "^^":
			return text.toUpperCase();
		case "^":
			return text.slice(0, 1).toUpperCase() + text.slice(1);
		case ",,":
			return text.toLowerCase();
		case ",":
			return text.slice(0, 1).toLowerCase() + text.slice(1);
		case "//":
			return text.replaceAll(old, () => now);
		case "/":
			return text.replace(old, () => now);
		case "/#":
			return text.startsWith(old) ? now + text.slice(old.length) : text;
		case "/%":
			return text.endsWith(old)
				? text.slice(0, text.length - old.length) + now
				: text;
		case ":":
			return part(text, old, others.length > 0 ? now : undefined);
		default:
			return trim(text, operator, expanded(argument));
	}
}

function part(text: string, position: string, length: string | undefined) {
	const from = Number(position);
	const count = length === undefined ? undefined : Number(length);
	if (!Number.isInteger(from) || (count !== undefined && Number.isNaN(count)))
		return text;
	const start = from < 0 ? Math.max(0, text.length + from) : from;
	return text.slice(start, count === undefined ? undefined : start + count);
}

/** `#` and `%` take off the shortest beginning or end that matches, `##` and `%%` the longest. */
function trim(text: string, operator: string, pattern: string): string {
	const matching = new RegExp(
		`^${RegExp.escape(pattern).replaceAll("\\*", ".*").replaceAll("\\?", ".")}$`,
		"s",
	);
	const lengths = Array.from({ length: text.length }, (_, i) => i + 1);
	if (operator.length === 2) lengths.reverse();
	const isStart = operator.startsWith("#");
	const found = lengths.find((length) =>
		matching.test(isStart ? text.slice(0, length) : text.slice(-length)),
	);
	if (found === undefined) return text;
	return isStart ? text.slice(found) : text.slice(0, -found);
}
