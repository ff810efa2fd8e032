/** A part of a Go template. */
export type TemplateNode =
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "action"; readonly expression: string }
	| {
			readonly kind: "block";
			readonly keyword: BlockKeyword;
			/** The first one is that of the keyword, the others are those of `else if`; `else` has no expression. */
			readonly branches: readonly TemplateBranch[];
			/** As it is written, from its beginning to its end. */
			readonly source: string;
	  };

const keywords = ["if", "range", "with", "define", "block"] as const;
type BlockKeyword = (typeof keywords)[number];

interface TemplateBranch {
	readonly expression: string | undefined;
	readonly body: readonly TemplateNode[];
}

interface OpenBlock {
	readonly keyword: BlockKeyword;
	readonly branches: { expression: string | undefined; body: TemplateNode[] }[];
	source: string;
}

const actionForm =
	/(\{\{-?\s*(?:\/\*.*?\*\/|(?:`[^`]*`|"(?:[^"\\]|\\.)*"|[^`"}]|\}(?!\}))*?)\s*-?\}\})/s;

/** Parses a template. What has no end ends with the text. */
export function parseTemplate(text: string): TemplateNode[] {
	const root: TemplateNode[] = [];
	const open: OpenBlock[] = [];
	const body = () => open.at(-1)?.branches.at(-1)?.body ?? root;
	const close = () => {
		const block = open.pop();
		if (!block) return;
		body().push({ kind: "block", ...block });
	};
	const parts = text.split(actionForm);
	for (const [i, part] of parts.entries()) {
		for (const block of open) block.source += part;
		if (i % 2 === 0) {
			const start = parts[i - 1]?.endsWith("-}}") ? part.trimStart() : part;
			const kept = parts[i + 1]?.startsWith("{{-") ? start.trimEnd() : start;
			if (kept) body().push({ kind: "text", text: kept });
			continue;
		}
		const action = part.replace(/^\{\{-?\s*/, "").replace(/\s*-?\}\}$/, "");
		const [, word = "", rest = ""] = /^(\w+)\b\s*(.*)$/s.exec(action) ?? [];
		const keyword = keywords.find((each) => each === word);
		if (keyword)
			open.push({
				keyword,
				branches: [{ expression: rest, body: [] }],
				source: part,
			});
		else if (word === "else")
			open.at(-1)?.branches.push({
				expression: /^(?:if|with)\s+(.*)$/s.exec(rest)?.[1],
				body: [],
			});
		else if (word === "end") close();
		else if (!action.startsWith("/*"))
			body().push({ kind: "action", expression: action });
	}
	while (open.length > 0) close();
	return root;
}
