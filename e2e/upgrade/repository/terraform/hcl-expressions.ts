import { writeGoYaml } from "../../../common/parsing/go-yaml.ts";
import { isMap, yamlAt } from "../../../common/parsing/yaml-map.ts";
import { makePlaceholder } from "../../../harness/chart/encryption.ts";
import { opaqueLength } from "./hcl-body.ts";

/** What expressions refer to. */
export interface HclScope {
	/** The value of e.g. `var.version`; undefined if it is not known. */
	readonly lookUp: (path: readonly string[]) => unknown;
	/** A file as `file()` reads it; undefined if it is not there. */
	readonly readFile: (path: string) => string | undefined;
	/** Is told of each expression that is not known; a placeholder stands for it. */
	readonly report: (expression: string) => void;
}

/** No expression of a stranger's is nested more deeply. */
const deepest = 50;

/** The value of an expression: literals, texts with references, lists, maps, and the functions that make values of them. */
export function evaluateHcl(
	expression: string,
	scope: HclScope,
	depth = 0,
): unknown {
	if (depth > deepest) {
		scope.report(expression);
		return makePlaceholder(expression);
	}
	const reader = new ExpressionReader(expression, scope, depth);
	const value = reader.read("");
	for (const each of reader.unknown) scope.report(each);
	return value;
}

class ExpressionReader {
	readonly unknown: string[] = [];

	readonly #text: string;
	readonly #scope: HclScope;
	readonly #depth: number;
	#at = 0;

	constructor(text: string, scope: HclScope, depth: number) {
		this.#text = text;
		this.#scope = scope;
		this.#depth = depth;
	}

	/** @param ends characters that end the expression where it is in brackets */
	read(ends: string): unknown {
		this.#skipSpace();
		const start = this.#at;
		const before = this.unknown.length;
		const value = this.#primary();
		this.#skipSpace(ends.includes("\n"));
		if (!this.#isEnd(ends)) {
			// Operators, conditions, indices and loops are not read.
			this.#skipTo(ends);
			this.unknown.length = before;
			return this.#standIn(this.#text.slice(start, this.#at).trim());
		}
		return value;
	}

	#standIn(expression: string): string {
		this.unknown.push(expression);
		return makePlaceholder(expression);
	}

	#isEnd(ends: string): boolean {
		return (
			this.#at >= this.#text.length || ends.includes(this.#text[this.#at] ?? "")
		);
	}

	#skipSpace(staysInLine = false): void {
		while (this.#at < this.#text.length) {
			const character = this.#text[this.#at] ?? "";
			const isSpace = staysInLine
				? /[ \t\r]/.test(character)
				: /\s/.test(character);
			const length = /[#/]/.test(character)
				? opaqueLength(this.#text, this.#at)
				: 0;
			if (!isSpace && length === 0) return;
			this.#at += isSpace ? 1 : length;
		}
	}

	#skipTo(ends: string): void {
		let depth = 0;
		while (this.#at < this.#text.length) {
			if (depth === 0 && this.#isEnd(ends)) return;
			const length = opaqueLength(this.#text, this.#at);
			const character = this.#text[this.#at] ?? "";
			if (length === 0 && "([{".includes(character)) depth++;
			if (length === 0 && ")]}".includes(character)) depth--;
			this.#at += Math.max(1, length);
		}
	}

	#match(form: RegExp): RegExpExecArray | undefined {
		const found = form.exec(this.#text.slice(this.#at));
		if (found) this.#at += found[0].length;
		return found ?? undefined;
	}

	#primary(): unknown {
		const heredoc = this.#match(/^<<(-?)(\w+)\n(.*?)\n?[ \t]*\2(?=\W|$)/s);
		if (heredoc) {
			const [, strip, , body = ""] = heredoc;
			return this.#interpolate(
				strip ? withoutIndent(`${body}\n`) : `${body}\n`,
			);
		}
		const length = opaqueLength(this.#text, this.#at);
		if (length > 0) {
			const inner = this.#text.slice(this.#at + 1, this.#at + length - 1);
			this.#at += length;
			return this.#interpolate(
				inner
					.replaceAll("\\n", "\n")
					.replaceAll("\\t", "\t")
					.replaceAll(/\\(["\\])/g, "$1"),
			);
		}
		if (this.#match(/^\[(?!\s*for\b)/)) return this.#list("]");
		if (this.#match(/^\{(?!\s*for\b)/)) return this.#map();
		const number = this.#match(/^-?\d+(\.\d+)?/);
		if (number) return Number(number[0]);
		const call = this.#match(/^(\w+)\(/);
		if (call) return this.#call(call[1] ?? "", this.#list(")"));
		const word = this.#match(/^[a-zA-Z_][\w-]*(\.[\w-]+)*/)?.[0];
		return word === undefined ? undefined : this.#word(word);
	}

	#word(word: string): unknown {
		if (word === "true" || word === "false") return word === "true";
		if (word === "null") return null;
		return this.#scope.lookUp(word.split(".")) ?? this.#standIn(word);
	}

	#list(closing: string): unknown[] {
		const list: unknown[] = [];
		for (;;) {
			this.#skipSpace();
			if (this.#at >= this.#text.length || this.#match(/^[\])]/)) return list;
			list.push(this.read(`,${closing}`));
			this.#match(/^,/);
		}
	}

	#map(): Record<string, unknown> {
		const map: Record<string, unknown> = {};
		for (;;) {
			this.#skipSpace();
			if (this.#at >= this.#text.length || this.#match(/^\}/)) return map;
			const [, quoted, bare] =
				this.#match(/^(?:"([^"]*)"|([\w.-]+))\s*[=:]/) ?? [];
			const key = quoted ?? bare;
			if (key === undefined) this.#skipTo("\n,}");
			else map[key] = this.read("\n,}");
			this.#match(/^[\n,]/);
		}
	}

	#call(name: string, args: readonly unknown[]): unknown {
		const [first, second] = args;
		switch (name) {
			case "file": {
				const text = this.#scope.readFile(String(first));
				return text ?? this.#standIn(`file("${String(first)}")`);
			}
			case "templatefile":
				return this.#templateFile(String(first), second);
			case "yamlencode":
				return writeGoYaml(first);
			case "jsonencode":
				return JSON.stringify(first);
			case "tostring":
			case "trimspace":
				return String(first).trim();
			case "tonumber":
			case "tobool":
			case "sensitive":
			case "nonsensitive":
				return first;
			case "compact":
				return Array.isArray(first) ? first.filter(Boolean) : [];
			case "concat":
				return args.flat();
			case "merge":
				return Object.assign({}, ...args.filter(isMap));
			default:
				return this.#standIn(`${name}(...)`);
		}
	}

	#templateFile(path: string, variables: unknown): unknown {
		const text = this.#scope.readFile(path);
		// Conditions and loops in a template are not read.
		if (text === undefined || /(?<!%)%\{/.test(text))
			return this.#standIn(`templatefile("${path}")`);
		return this.#interpolate(text, {
			lookUp: (keys) => yamlAt(variables, ...keys),
		});
	}

	#interpolate(text: string, change: Partial<HclScope> = {}): unknown {
		const scope: HclScope = {
			...this.#scope,
			...change,
			report: (expression) => this.unknown.push(expression),
		};
		return interpolate(text, (expression) =>
			evaluateHcl(expression, scope, this.#depth + 1),
		);
	}
}

/** A text with its `${...}`; one that is nothing else keeps the kind of its value. */
function interpolate(
	text: string,
	evaluate: (expression: string) => unknown,
): unknown {
	const form =
		/\$(\$\{)|\$\{~?((?:[^{}"]|"(?:[^"\\]|\\.)*"|\{[^{}]*\})*?)~?\}/g;
	const only = /^\$\{([^{}]*)\}$/.exec(text)?.[1];
	if (only !== undefined) return evaluate(only);
	return text.replaceAll(
		form,
		(_, escaped: string | undefined, expression = "") =>
			escaped ? escaped : String(evaluate(expression)),
	);
}

function withoutIndent(text: string): string {
	const lines = text.split("\n");
	const indents = lines
		.filter((line) => line.trim() !== "")
		.map((line) => line.length - line.trimStart().length);
	const least = Math.min(...indents);
	return lines
		.map((line) => line.slice(Math.min(least, line.length)))
		.join("\n");
}
