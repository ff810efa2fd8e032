import { marked } from "marked";
import { expect, test } from "vitest";
import { escapeMarkdown, markdownCode, markdownLink } from "./markdown-text.ts";

test.each([
	["HTML", "<img src=x>", "&lt;img src=x&gt;"],
	["entities", "&lt;b&gt; &#64;me", "&amp;lt;b&amp;gt; &amp;#\u200B64;me"],
	["emphasis and code", "*a* _b_ `c` ~~d~~", "*a* _b_ `c` ~~d~~"],
	["links", "[a](b) https://e.org/x", "[a](b) https://e.org/x"],
	["mentions", "ask @octocat", "ask @\u200Boctocat"],
	["references", "#12 !7 a/b#3", "#\u200B12 !\u200B7 a/b#\u200B3"],
	["headings of a second line", "a\n# b", "a # b"],
	["tables", "a | b", "a | b"],
	["formulas", "$labels and $value", "$labels and $value"],
])("a text keeps its %s as they are written", (_, text, shown) => {
	expect(marked.parseInline(escapeMarkdown(text))).toBe(shown);
});

test("code is on one line and keeps its end", () => {
	expect(markdownCode("a ` b\n`c`")).toBe("`a ' b 'c'`");
});

test("a link to a file of a repository stays as it is", () => {
	const address = "https://github.com/a/b/blob/main/README.md";
	expect(markdownLink(address)).toBe(`<${address}>`);
});
