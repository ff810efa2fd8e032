import { isMap } from "../../../common/parsing/yaml-map.ts";
import { makePlaceholder } from "../../../harness/chart/encryption.ts";
import type { UnreadPart } from "../unread.ts";
import {
	evaluate,
	type TemplateContext,
	type TemplateScope,
	UnknownValue,
} from "./evaluate.ts";
import { isTrueInGo, printValue } from "./functions.ts";
import { parseTemplate, type TemplateNode } from "./parse.ts";

/** A rendered template, with what could not be known, a sentence each. */
export interface RenderedTemplate {
	readonly text: string;
	readonly unknown: readonly string[];
	/** What was left out. */
	readonly unread: readonly UnreadPart[];
}

/**
 * Renders the simple part of Go's templates: look-ups, literals, variables, `if`, `with`, `range`, `define`, and the
 * functions that people use most. What it does not know becomes a placeholder; a loop over it is left out.
 *
 * @param helpers texts with further named templates
 * @param readFile as Helmfile's function of that name; Helm has none
 */
export function renderTemplate(
	text: string,
	context: TemplateContext,
	helpers: readonly string[] = [],
	readFile: TemplateScope["readFile"] = () => undefined,
): RenderedTemplate {
	const renderer = new TemplateRenderer(context, helpers, readFile);
	const rendered = renderer.renderText(text, context);
	return {
		text: rendered,
		unknown: [...renderer.unknown],
		unread: renderer.unread,
	};
}

type Block = Extract<TemplateNode, { kind: "block" }>;
type Branch = Block["branches"][number];
/** What a body is rendered with; variables are set in it. */
interface Place {
	readonly dot: unknown;
	readonly variables: Map<string, { value: unknown }>;
}

/** No template calls itself more deeply, or is longer once it is rendered; a repository may be a stranger's. */
const deepest = 20;
const mostNodes = 100_000;

class TemplateRenderer {
	readonly unknown = new Set<string>();
	readonly unread: UnreadPart[] = [];
	readonly #root: TemplateContext;
	readonly #readFile: TemplateScope["readFile"];
	readonly #named = new Map<string, readonly TemplateNode[]>();
	#depth = 0;
	#nodes = 0;

	constructor(
		root: TemplateContext,
		helpers: readonly string[],
		readFile: TemplateScope["readFile"],
	) {
		this.#root = root;
		this.#readFile = readFile;
		for (const each of helpers) this.#define(parseTemplate(each));
	}

	renderText(text: string, dot: unknown): string {
		const nodes = parseTemplate(text);
		this.#define(nodes);
		return this.#nested(nodes, dot);
	}

	#define(nodes: readonly TemplateNode[]): void {
		for (const node of nodes) {
			if (node.kind !== "block" || node.keyword !== "define") continue;
			const [branch] = node.branches;
			const name = /"([^"]+)"/.exec(branch?.expression ?? "")?.[1];
			if (branch && name !== undefined) this.#named.set(name, branch.body);
		}
	}

	#nested(nodes: readonly TemplateNode[], dot: unknown): string {
		if (this.#depth >= deepest) return "";
		this.#depth++;
		const text = this.#renderAll(nodes, { dot, variables: new Map() });
		this.#depth--;
		return text;
	}

	#renderAll(nodes: readonly TemplateNode[], place: Place): string {
		return nodes.map((node) => this.#render(node, place)).join("");
	}

	#render(node: TemplateNode, place: Place): string {
		if (this.#nodes++ > mostNodes) return "";
		if (node.kind === "text") return node.text;
		if (node.kind === "block") return this.#renderBlock(node, place);
		const { expression } = node;
		const [, name, sign, assigned] =
			/^(\$\w+)\s*(:?=)(?!=)\s*(.*)$/s.exec(expression) ?? [];
		if (name !== undefined && assigned !== undefined) {
			const value = this.#evaluate(assigned, place);
			const outer = place.variables.get(name);
			if (sign === "=" && outer) outer.value = value;
			else place.variables.set(name, { value });
			return "";
		}
		const value = this.#evaluate(
			expression.replace(/^template\b/, "include"),
			place,
		);
		if (!(value instanceof UnknownValue)) return printValue(value);
		const placeholder = makePlaceholder(nameIn(value.expression));
		this.unknown.add(
			`{{ ${value.expression} }} is not known: ${placeholder} stands for it`,
		);
		return placeholder;
	}

	#evaluate(expression: string, { dot, variables }: Place): unknown {
		const scope: TemplateScope = {
			...{ root: this.#root, dot, variables },
			readFile: this.#readFile,
			renderText: (text, ownDot) => this.renderText(text, ownDot),
			renderNamed: (name, ownDot) => {
				const body = this.#named.get(name);
				return body && this.#nested(body, ownDot);
			},
		};
		return evaluate(expression, scope);
	}

	#renderBlock(block: Block, place: Place): string {
		switch (block.keyword) {
			case "define":
				return "";
			case "range":
				return this.#renderRange(block, place);
			case "with":
			case "if":
				return this.#renderChoice(block, place);
			default:
				return this.#leaveOut(block);
		}
	}

	#leaveOut({ keyword, branches, source }: Block): string {
		const what = `{{ ${keyword} ${branches[0]?.expression} }}`;
		this.unknown.add(`${what} is left out, with what is in it`);
		this.unread.push({ what, content: source });
		return "";
	}

	#renderChoice({ keyword, branches }: Block, place: Place): string {
		for (const { expression, body } of branches) {
			if (expression === undefined)
				return this.#renderAll(body, withOwnVariables(place));
			const { names, value } = this.#assigned(expression, place);
			const own = withOwnVariables(place);
			for (const name of names) own.variables.set(name, { value });
			if (value instanceof UnknownValue)
				this.unknown.add(
					`{{ ${keyword} ${expression} }} is not known: it is taken for true`,
				);
			else if (!isTrueInGo(value)) continue;
			return this.#renderAll(
				body,
				keyword === "with" ? { ...own, dot: value } : own,
			);
		}
		return "";
	}

	#renderRange(block: Block, place: Place): string {
		const [each, otherwise] = block.branches;
		const { names, value } = this.#assigned(each?.expression ?? "", place);
		const entries = entriesIn(value);
		if (!each || !entries) return this.#leaveOut(block);
		if (entries.length === 0)
			return otherwise ? this.#renderAll(otherwise.body, place) : "";
		return entries
			.map((entry) => this.#renderEntry(each, entry, names, place))
			.join("");
	}

	#renderEntry(
		{ body }: Branch,
		[key, value]: readonly [unknown, unknown],
		names: readonly string[],
		place: Place,
	): string {
		const own = withOwnVariables(place);
		const [first, second] = names;
		if (second !== undefined && first !== undefined)
			own.variables.set(first, { value: key }).set(second, { value });
		else if (first !== undefined) own.variables.set(first, { value });
		return this.#renderAll(body, { ...own, dot: value });
	}

	/** e.g. `$key, $value := .Values.apps` */
	#assigned(expression: string, place: Place) {
		const [, names = "", rest] =
			/^(\$\w+(?:\s*,\s*\$\w+)?)\s*:?=(?!=)\s*(.*)$/s.exec(expression) ?? [];
		return {
			names: names
				.split(",")
				.map((each) => each.trim())
				.filter(Boolean),
			value: this.#evaluate(rest ?? expression, place),
		};
	}
}

/** Variables of a block do not outlive it; those around it can be changed from within. */
function withOwnVariables({ dot, variables }: Place): Place {
	return { dot, variables: new Map(variables) };
}

/** What `range` goes through, in its order; undefined if it is not known. */
function entriesIn(
	value: unknown,
): (readonly [unknown, unknown])[] | undefined {
	if (value === undefined || value === null) return [];
	if (Array.isArray(value)) return [...value.entries()];
	return isMap(value)
		? Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
		: undefined;
}

/** The last name in an expression, e.g. `domain` of `.Values.cluster.domain | quote`. */
function nameIn(expression: string): string {
	return (
		/"([^"]+)"/.exec(expression)?.[1] ??
		/[\w.-]+/.exec(expression)?.[0].split(".").at(-1) ??
		""
	);
}
