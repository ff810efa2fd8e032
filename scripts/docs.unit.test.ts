import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import GithubSlugger from "github-slugger";
import { marked, type Token } from "marked";
import { expect, test } from "vitest";
import { projectPath, projectRoot } from "../e2e/common/paths.ts";

const documents = execFileSync(
	"git",
	["ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
	{ cwd: projectRoot, encoding: "utf8" },
)
	.split("\n")
	.filter((file) => file && existsSync(projectPath(file)));

function read(file: string): string {
	return readFileSync(file, "utf8");
}

/** The links and pictures of a document, without those that lead elsewhere. */
function linksIn(text: string): string[] {
	const links: string[] = [];
	marked.walkTokens(marked.lexer(text), (token: Token) => {
		if (token.type === "link" || token.type === "image") links.push(token.href);
	});
	return links.filter((href) => !/^[a-z]+:/.test(href));
}

/** The anchors that GitHub makes of a document's headings. */
function anchorsIn(text: string): string[] {
	const slugger = new GithubSlugger();
	const anchors: string[] = [];
	marked.walkTokens(marked.lexer(text), (token: Token) => {
		if (token.type === "heading") anchors.push(slugger.slug(token.text));
	});
	return anchors;
}

test.each(documents)("the links of %s lead somewhere", (document) => {
	const file = projectPath(document);
	const broken = linksIn(read(file)).filter((href) => {
		const [path = "", anchor] = href.split("#");
		const target = path ? join(dirname(file), path) : file;
		if (!existsSync(target)) return true;
		return anchor !== undefined && !anchorsIn(read(target)).includes(anchor);
	});
	expect(broken, relative(projectRoot, file)).toEqual([]);
});

test("a stranger reads the README in five minutes", () => {
	expect(read(projectPath("README.md")).split("\n").length).toBeLessThan(200);
});
