import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { RunnableCommand } from "../e2e/common/command.ts";
import { BadInputError, explainError } from "../e2e/common/errors.ts";
import { downCommand } from "./down.ts";
import { e2eCommand } from "./e2e.ts";
import { imagesCommand } from "./images.ts";
import { mutationsCommand } from "./mutations.ts";
import { upgradeCommand } from "./upgrade.ts";
import { upgradeCommentCommand } from "./upgrade-comment.ts";

/** Nine aliases of nine aliases, and so on: half a million strings. */
const bomb = ["a", "b", "c", "d", "e", "f"]
	.map((name, i, names) => {
		const item = i === 0 ? '"x"' : `*${names[i - 1]}`;
		return `${name}: &${name} [${Array(9).fill(item).join(", ")}]\n`;
	})
	.join("");

let dir = "";
beforeAll(async () => {
	dir = await mkdtemp(join(tmpdir(), "o11y-e2e-bad-input-unit-"));
	await writeFile(join(dir, "broken.yaml"), "a: [1\n");
	await writeFile(join(dir, "list.yaml"), "- a\n");
	await writeFile(join(dir, "bomb.yaml"), bomb);
	await writeFile(join(dir, "own.yaml"), "grafana: &x\n  env: *x\n");
	await writeFile(
		join(dir, "release.yaml"),
		"apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec: {valuesFrom: [{kind: ConfigMap, name: a}]}\n",
	);
	await writeFile(join(dir, "not-a-chart.tgz"), "not a tar\n");
});
afterAll(() => rm(dir, { recursive: true, force: true }));

beforeEach(() => {
	vi.stubEnv("O11Y_E2E_PATIENCE", "1");
	// What is not noticed before anything starts must not start anything: no engine answers there.
	vi.stubEnv("DOCKER_HOST", "tcp://127.0.0.1:1");
});

/** Of a command in this process: bad-input.integration.test.ts has what a process makes of it. */
async function expectBadInput(
	command: RunnableCommand,
	args: readonly string[],
	sentence: string,
) {
	const stderr = vi.spyOn(console, "error").mockReturnValue();
	const error = await command
		.start(args.map((arg) => arg.replace("DIR", dir)))
		.catch((thrown: unknown) => thrown);
	expect(error).toBeInstanceOf(BadInputError);
	// As the process prints it.
	expect(explainError(error)).toContain(sentence.replace("DIR", dir));
	expect(explainError(error).split("\n")).toHaveLength(1);
	expect(stderr).not.toHaveBeenCalled();
}

test.each([
	[["--frobnicate"], "unknown option '--frobnicate'"],
	[["stray"], "too many arguments"],
	[["--only", "nonsense"], "--only nonsense: none of the"],
	[["--values", "DIR/missing.yaml"], "cannot be read: ENOENT"],
	[["--values", "DIR"], "it is a folder, no values"],
	[
		["--values", "DIR/release.yaml"],
		"which also takes values from ConfigMap a",
	],
	[["--values", "DIR/broken.yaml"], "broken.yaml: "],
	[["--values", "DIR/list.yaml"], "is not a mapping of keys to values"],
	[["--values", "DIR/bomb.yaml"], "Excessive alias count"],
	[["--values", "DIR/own.yaml"], "refers to what the alias is in"],
	[["--chart", "DIR/nowhere"], "it is not a file or folder"],
	[["--chart", "DIR"], "the folder is not a chart"],
	[["--chart", "DIR/not-a-chart.tgz"], "the file is not a packaged chart"],
	[["--chart", "embedded", "--chart-version", "1.2.3"], "--chart-version says"],
	[["--chart-version", "newest"], "--chart-version newest: a version of"],
	[["--ca-file", "DIR/missing.pem"], "missing.pem cannot be read"],
	[["--ca-file", "DIR/list.yaml"], "it has no certificate in PEM"],
	[["--images", "elsewhere"], "--images elsewhere: must be"],
	[["--images", "pull:https://mirror"], "without https://"],
	[["--images", "archive:DIR/missing.tar"], "there is no such file"],
	[["--k3s-version", "1.34"], "looks like v1.34.1+k3s1"],
	[["--snapshotter", "zfs"], "must be overlayfs, native or fuse-overlayfs"],
	[["--patience", "0"], "--patience 0: must be a number from 1 to 100"],
] as const)("e2e %j is bad input", async (args, sentence) => {
	const report = `--report=${join(dir, "e2e-report")}`;
	await expectBadInput(e2eCommand, [report, ...args], sentence);
});

test.each([
	[["--save", "DIR/nowhere/a.tar"], "its folder is not writable"],
	[["--cache-folder", "DIR/list.yaml"], "there is a file of that name"],
] as const)("images %j is bad input", (args, sentence) =>
	expectBadInput(imagesCommand, args, sentence),
);

test.each([
	[["--clusters", "0"], "--clusters 0: must be a number from 1 to 999"],
	[["--only", "nonsense"], "--only nonsense: none of the"],
	[["--shard", "3/2"], "--shard 3/2: must be a part of a whole"],
	[["--healthy", "--only", "wal-replay"], "--only wal-replay: none of the"],
	[["--all", "--faults"], "do not go with --all or --sample"],
] as const)("e2e:mutations %j is bad input", (args, sentence) =>
	expectBadInput(mutationsCommand, args, sentence),
);

test.each([
	[[], "neither GITHUB_ACTIONS nor GITLAB_CI is true"],
	[["--artifact", "here"], "--artifact here: it is not a URL"],
] as const)("upgrade:comment %j is bad input", async (args, sentence) => {
	vi.stubEnv("GITHUB_ACTIONS", "");
	vi.stubEnv("GITLAB_CI", "");
	await expectBadInput(upgradeCommentCommand, args, sentence);
});

const toItself = ["--from", "embedded", "--to", "embedded"] as const;

test.each([
	[["--to", "embedded"], "--from <chart> or --from-release <name>"],
	[["--from", "embedded"], "say with --to <chart> what to upgrade to"],
	[
		[...toItself, "--base", "main"],
		"--base, --head and --list only go with --repo <dir>",
	],
	[
		[...toItself, "--with", "helm"],
		"--with helm: must be one of helm3, helm4, flux, argo",
	],
	[["--repo", "DIR", "--with", "helm2"], "--with helm2: must be one of helm3"],
	[["--repo", "DIR/nowhere"], "there is no such folder"],
	[["--repo", "DIR"], "it is not in a Git repository"],
	[["--repo", "DIR", "--to", "embedded"], "--to does not go with --repo"],
	[["--from", "auto", "--to", "embedded"], "auto cannot be compared"],
	[
		["--from", "DIR/nowhere", "--to", "embedded"],
		"--from DIR/nowhere: it is not a file",
	],
	[
		["--from", "embedded", "--to", "DIR"],
		"--to DIR: the folder is not a chart",
	],
	[
		["--from", "embedded", "--to", "DIR/not-a-chart.tgz"],
		"--to DIR/not-a-chart.tgz: the file is not a packaged chart",
	],
	[
		[...toItself, "--to-values", "DIR/list.yaml"],
		"--to-values DIR/list.yaml: it is not a mapping",
	],
	[[...toItself, "--context", "home"], "--context and --namespace"],
	[[...toItself, "--kube-version", "new"], "looks like 1.33.0"],
	[[...toItself, "--skip-crds", "--apply-crds"], "either applied first or"],
	[[...toItself, "--only", "nonsense"], "--only nonsense: none of the"],
	[[...toItself, "--only", "loki-rules"], "--only loki-rules: it needs loki"],
] as const)("upgrade %j is bad input", async (args, sentence) => {
	const report = `--report=${join(dir, "upgrade-report")}`;
	await expectBadInput(upgradeCommand, [report, ...args], sentence);
});

test("O11Y_E2E_PATIENCE is checked as --patience is", async () => {
	vi.stubEnv("O11Y_E2E_PATIENCE", "much");
	await expectBadInput(
		downCommand,
		[],
		"O11Y_E2E_PATIENCE much: must be a number",
	);
});
