import { ofPrometheus, type TemplateDialect } from "./functions.ts";
import { type Action, actionAt, type Token } from "./tokens.ts";

/** Why Go's template engine refuses a text, e.g. `{{ is not closed`; undefined if it does not. */
export function templateErrorIn(
	text: string,
	dialect: TemplateDialect = ofPrometheus,
): string | undefined {
	const reader = new Reader(dialect);
	let start = text.indexOf("{{");
	while (start >= 0) {
		const action = actionAt(text, start);
		if (!action) return `"${text.slice(start, start + 30)}" is not closed`;
		const problem = reader.read(action);
		if (problem) return problem;
		start = text.indexOf("{{", action.end);
	}
	return reader.unfinished();
}

/** What an action has opened, with the variables that were known before it. */
interface Block {
	readonly word: string;
	readonly content: string;
	readonly variables: readonly string[];
	hasElse: boolean;
}

const number =
	/^[+-]?(0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|\d[\d_]*\.?[\d_]*([eE][+-]?\d+)?|\.\d[\d_]*([eE][+-]?\d+)?)i?$/;

function isLiteral({ kind, text }: Token): boolean {
	return (
		kind === "text" || kind === "number" || /^(true|false|nil)$/.test(text)
	);
}

class Reader {
	readonly #functions: ReadonlySet<string>;
	#variables: readonly string[];
	readonly #open: Block[] = [];
	#tokens: Token[] = [];

	constructor({ functions, variables }: TemplateDialect) {
		this.#functions = functions;
		this.#variables = variables;
	}

	unfinished(): string | undefined {
		const last = this.#open.at(-1);
		return last && `{{ ${last.content} }} has no end`;
	}

	read({ tokens, content }: Action): string | undefined {
		if (content === "/*") return undefined;
		const [first, ...rest] = tokens;
		if (!first) return "{{ }} is empty";
		this.#tokens = [...tokens];
		const word = first.kind === "word" ? first.text : "";
		if (/^(if|with|range|block|define)$/.test(word)) {
			this.#tokens = rest;
			return this.#begin(word, content);
		}
		if (/^(end|else|break|continue)$/.test(word)) {
			this.#tokens = rest;
			return this.#goOn(word, content);
		}
		if (word === "template") {
			this.#tokens = rest;
			return this.#named(content) ?? this.#all(content, true);
		}
		return this.#all(content);
	}

	#begin(word: string, content: string): string | undefined {
		const block = { word, content, variables: this.#variables, hasElse: false };
		if (word === "define" && this.#open.length > 0)
			return `{{ ${content} }} stands in another block`;
		this.#open.push(block);
		if (word === "define") {
			this.#variables = ["$"];
			return this.#named(content);
		}
		const named = word === "block" ? this.#named(content) : undefined;
		return named ?? this.#all(content, false, word);
	}

	#goOn(word: string, content: string): string | undefined {
		const block = this.#open.at(-1);
		if (word === "break" || word === "continue")
			return this.#open.some((each) => each.word === "range")
				? undefined
				: `{{ ${word} }} is in no range`;
		if (!block)
			return `{{ ${word} }} ${word === "end" ? "ends" : "belongs to"} nothing`;
		if (word === "end") {
			this.#open.pop();
			this.#variables = block.variables;
			return undefined;
		}
		if (block.hasElse || /^(block|define)$/.test(block.word))
			return `{{ else }} does not belong into {{ ${block.content} }}`;
		const next = this.#tokens[0]?.text;
		if (next === undefined) {
			block.hasElse = true;
			return undefined;
		}
		if (!/^(if|with)$/.test(next))
			return `unexpected ${next} in {{ ${content} }}`;
		this.#tokens = this.#tokens.slice(1);
		return this.#all(content, false, next);
	}

	/** The name of a template, in quotes. */
	#named(content: string): string | undefined {
		const name = this.#tokens.shift();
		return name?.kind === "text"
			? undefined
			: `{{ ${content} }} needs a name in quotes`;
	}

	#all(content: string, mayBeEmpty = false, word = ""): string | undefined {
		if (this.#tokens.length === 0)
			return mayBeEmpty ? undefined : `{{ ${content} }} lacks its value`;
		const problem = this.#pipeline(word === "range" ? 2 : 1);
		if (problem) return `${problem} in {{ ${content} }}`;
		return this.#tokens.length > 0
			? `the brackets of {{ ${content} }} do not match`
			: undefined;
	}

	/** @param most how many variables may be set */
	#pipeline(most: number): string | undefined {
		const declared = this.#declarations(most);
		for (let stage = 1; ; stage++) {
			const next = this.#tokens[0];
			if (!next || next.text === ")") {
				this.#variables = [...this.#variables, ...declared];
				return stage === 1 ? "a value is missing" : undefined;
			}
			if (stage > 1 && (isLiteral(next) || next.kind === "dot"))
				return `${next.text} cannot take what | hands on`;
			const problem = this.#command();
			if (problem) return problem;
		}
	}

	/** `$a :=` or `$i, $a :=`; `=` sets a variable that is there. */
	#declarations(most: number): string[] {
		const signs = this.#tokens.slice(0, 4).map(({ text }) => text);
		const count = signs[1] === "," && most > 1 ? 2 : 1;
		const sign = signs[2 * count - 1];
		if (this.#tokens[0]?.kind !== "variable" || !/^:?=$/.test(sign ?? ""))
			return [];
		const names = this.#tokens.slice(0, 2 * count);
		this.#tokens = this.#tokens.slice(2 * count);
		return sign === ":="
			? names.filter(({ kind }) => kind === "variable").map(({ text }) => text)
			: [];
	}

	/** Operands up to the next `|`, which is taken, or `)`, which is not. */
	#command(): string | undefined {
		for (let count = 0; ; count++) {
			const next = this.#tokens[0];
			if (!next || next.text === ")") return undefined;
			if (next.text === "|") {
				this.#tokens.shift();
				return count === 0 ? "there is nothing between | and |" : undefined;
			}
			if (count > 0 && !next.spaced) return `unexpected ${next.text}`;
			const problem = this.#operand();
			if (problem) return problem;
		}
	}

	#operand(): string | undefined {
		const token = this.#tokens.shift();
		const problem = token ? this.#term(token) : "a value is missing";
		if (problem) return problem;
		while (this.#tokens[0]?.kind === "field" && !this.#tokens[0].spaced) {
			const field = this.#tokens.shift();
			if (token && isLiteral(token)) return `unexpected ${field?.text}`;
		}
		return undefined;
	}

	#term({ kind, text }: Token): string | undefined {
		if (kind === "variable")
			return this.#variables.includes(text)
				? undefined
				: `there is no variable ${text}`;
		if (kind === "word")
			return this.#functions.has(text) || /^(true|false|nil)$/.test(text)
				? undefined
				: `there is no function ${text}`;
		if (kind === "number" && !number.test(text)) return `${text} is no number`;
		if (text === "(") {
			const problem = this.#pipeline(1);
			if (problem) return problem;
			return this.#tokens.shift() ? undefined : "a bracket is not closed";
		}
		return kind === "sign" || kind === "other"
			? `unexpected ${text}`
			: undefined;
	}
}
