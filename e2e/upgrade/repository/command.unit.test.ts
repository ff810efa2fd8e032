import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { stringify } from "yaml";
import { answerFromRepository } from "./command.ts";
import { helmRepository, makeHelmRelease } from "./flux/make-objects.ts";
import { repositorySummary } from "./summary-file.ts";

const options = {
	fromValues: [],
	toValues: [],
	only: [],
	plan: true,
	checkImages: false,
	list: false,
	skipCrds: false,
	applyCrds: false,
	images: "auto",
};

let dir = "";
let report = "";
let lines: string[] = [];
beforeEach(async () => {
	dir = await mkdtemp(join(tmpdir(), "o11y-e2e-repo-"));
	report = await mkdtemp(join(tmpdir(), "o11y-e2e-report-"));
	lines = [];
	vi.spyOn(console, "log").mockImplementation((line) => lines.push(line));
	await git("init", "--quiet", "--initial-branch=main");
});
afterEach(async () => {
	vi.restoreAllMocks();
	for (const each of [dir, report])
		await rm(each, { recursive: true, force: true });
});

const answer = (more: { base?: string; list?: boolean } = {}) =>
	answerFromRepository(dir, { ...options, report, ...more });
const readSummary = async () => ({
	json: repositorySummary.parse(
		JSON.parse(await readFile(join(report, "summary.json"), "utf8")),
	),
	markdown: await readFile(join(report, "summary.md"), "utf8"),
});

async function git(...args: string[]) {
	const author = ["user.name=test", "user.email=test@example.org"];
	await execa("git", [
		"-C",
		dir,
		...author.flatMap((each) => ["-c", each]),
		...args,
	]);
}

async function commit(name: string, ...objects: object[]) {
	const text = objects.map((each) => stringify(each)).join("---\n");
	await writeFile(join(dir, name), text);
	await git("add", "--all");
	await git("commit", "--quiet", "--message", name);
}

const other = (version: string) => {
	const made = makeHelmRelease({}, "other");
	Object.assign(made.spec.chart.spec, { chart: "loki", version });
	return made;
};

test("where nothing differs, one sentence says so", async () => {
	await commit("stack.yaml", helmRepository, makeHelmRelease({}));
	expect(await answer()).toBe(0);
	expect(lines).toEqual([
		expect.stringMatching(
			/^Nothing differs in the releases of kube-prometheus-stack between main \(\w{8}\) and the working tree\.$/,
		),
	]);
});

test("a release of another chart is counted, and not answered for", async () => {
	await commit("stack.yaml", helmRepository, makeHelmRelease({}));
	await commit("other.yaml", other("1.0.0"));
	await commit("other.yaml", other("2.0.0"));
	expect(await answer({ base: "HEAD~1" })).toBe(0);
	expect(lines[0]).toContain("(1 of other charts differ");
});

test("what differs and is not read is for a person to review", async () => {
	const rendered = (text: string) =>
		makeHelmRelease({ postRenderers: [{ kustomize: text }] });
	await commit("stack.yaml", helmRepository, rendered("a"));
	await commit("stack.yaml", helmRepository, rendered("b"));
	expect(await answer({ base: "HEAD~1" })).toBe(4);
	expect(lines.join("\n")).toContain("REVIEW monitoring/stack (Flux)");
	const { json } = await readSummary();
	expect(json.releases).toMatchObject([
		{
			verdict: "review",
			sentence:
				"This differs, and what differs in it is not read: postRenderers. Compare it yourself.",
		},
	]);
});

test("--list says what there is, and where", async () => {
	await commit(
		"stack.yaml",
		helmRepository,
		makeHelmRelease({
			values: { a: 1 },
			valuesFrom: [{ kind: "Secret", name: "s" }],
		}),
	);
	await commit("other.yaml", other("1.0.0"));
	expect(await answer({ list: true })).toBe(0);
	expect(lines.join("\n")).toBe(
		`2 Helm releases in the working tree, 1 of kube-prometheus-stack

monitoring/stack (Flux): kube-prometheus-stack 80.0.0
  written in stack.yaml:9
  chart from https://charts.example.org
  upgraded by Flux: only new CRDs of the chart are applied, and what the chart no longer has is deleted
  values: stack.yaml (spec.values)
  not known: Secret s is not in the repository: the values in it are left out

of other charts:
  monitoring/other (Flux): loki 1.0.0, other.yaml:1`,
	);
});

test("a repository without the stack is bad input, not an answer", async () => {
	await commit("other.yaml", other("1.0.0"));
	await expect(answer()).rejects.toThrow(
		"no release of kube-prometheus-stack was found, and 1 of other charts",
	);
});

test("that nothing differs is in the report, too", async () => {
	await commit("stack.yaml", helmRepository, makeHelmRelease({}));
	await answer();
	const { json, markdown } = await readSummary();
	expect(json).toMatchObject({ exitCode: 0, releases: [], headline: lines[0] });
	expect(markdown).toMatch(/^### Nothing differs in the releases/);
});

test("where there is no answer, the report says why instead of what an earlier run found", async () => {
	await commit("stack.yaml", helmRepository, makeHelmRelease({}));
	await answer();
	await expect(answer({ base: "nowhere" })).rejects.toThrow("--base nowhere");
	const { json, markdown } = await readSummary();
	expect(json).toMatchObject({
		exitCode: 3,
		releases: [],
		headline: expect.stringMatching(/^no verdict: --base nowhere: /),
	});
	expect(markdown).toMatch(/^### no verdict: --base nowhere: /);
});
