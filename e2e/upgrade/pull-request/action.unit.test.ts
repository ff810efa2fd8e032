import {
	chmod,
	mkdir,
	mkdtemp,
	readFile,
	rm,
	writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readAction } from "./stand-in/read-action.ts";

const { judge, comment, verdict } = await readAction();

let dir = "";
let base = "";
let head = "";
beforeAll(async () => {
	dir = await mkdtemp(join(tmpdir(), "o11y-e2e-action-"));
	await mkdir(join(dir, "bin"));
	// In place of npm: notes its arguments, one a line, and ends as it is told.
	const npm = '#!/bin/sh\nprintf "%s\\n" "$@" > "$NPM_SAW"\nexit "$NPM_CODE"\n';
	await writeFile(join(dir, "bin", "npm"), npm);
	await chmod(join(dir, "bin", "npm"), 0o755);
	const origin = join(dir, "origin");
	const git = async (...args: string[]) => {
		const author = ["-c", "user.name=test", "-c", "user.email=t@example.org"];
		const { stdout } = await execa("git", ["-C", origin, ...author, ...args]);
		return stdout;
	};
	await mkdir(origin);
	await git("init", "--quiet", "--initial-branch=main");
	await git("config", "uploadpack.allowAnySHA1InWant", "true");
	const commit = async (message: string) => {
		await git("commit", "--quiet", "--allow-empty", "--message", message);
		return git("rev-parse", "HEAD");
	};
	await commit("parting");
	await git("switch", "--quiet", "--create", "topic");
	head = await commit("topic");
	await git("switch", "--quiet", "main");
	base = await commit("base");
});
afterAll(() => rm(dir, { recursive: true, force: true }));

let runs = 0;

/** Runs a step as the runner does, in a checkout of one commit. */
async function run(
	script: string | undefined,
	env: Readonly<Record<string, string>>,
	folder = ".",
) {
	const own = join(dir, `run-${++runs}`);
	const workspace = join(own, "work space");
	await execa("git", [
		...["clone", "--quiet", "--depth=1", "--no-single-branch"],
		...[`file://${dir}/origin`, workspace],
	]);
	await mkdir(join(workspace, "sub"));
	const saw = join(own, "saw");
	const output = join(own, "output");
	await writeFile(output, "");
	const bash = ["--noprofile", "--norc", "-eo", "pipefail", "-c", script ?? ""];
	const { exitCode, stdout } = await execa("bash", bash, {
		cwd: workspace,
		reject: false,
		env: {
			PATH: `${join(dir, "bin")}:${process.env.PATH}`,
			GITHUB_WORKSPACE: workspace,
			GITHUB_ACTION_PATH: "/the/action",
			GITHUB_OUTPUT: output,
			RUNNER_TEMP: own,
			FOLDER: folder,
			NPM_SAW: saw,
			NPM_CODE: "0",
			...env,
		},
	});
	const npm = await readFile(saw, "utf8").catch(() => "");
	return {
		exitCode,
		stdout,
		npm: npm.split("\n").filter(Boolean),
		output: await readFile(output, "utf8"),
		own,
		workspace,
	};
}

const plain = { IS_FULL: "false", KUBE_VERSION: "", CHARTS: "" };

test.concurrent("the plan compares the two commits, and fetches what a checkout of one commit lacks", async () => {
	const env = { ...plain, BASE: base, HEAD: head, NPM_CODE: "4" };
	const { exitCode, npm, output, own, workspace } = await run(judge?.run, env);
	expect(exitCode).toBe(0);
	expect(npm).toEqual([
		...["--prefix", "/the/action", "run", "--silent", "upgrade", "--"],
		`--repo=${workspace}`,
		`--base=${base}`,
		`--head=${head}`,
		`--report=${own}/upgrade-report`,
		"--plan",
	]);
	expect(output).toBe(`report=${own}/upgrade-report\ncode=4\n`);
	await execa("git", ["-C", workspace, "merge-base", base, head]);
});

test.concurrent("with the label the upgrade is done on a cluster, and inputs are options, whatever is in them", async () => {
	const nasty = 'oci://x"; $(touch here) `touch here`';
	const env = {
		BASE: base,
		HEAD: head,
		IS_FULL: "true",
		KUBE_VERSION: "1.34.1",
	};
	const { npm, workspace } = await run(
		judge?.run,
		{ ...env, CHARTS: nasty },
		"sub",
	);
	expect(npm[6]).toBe(`--repo=${workspace}/sub`);
	expect(npm.slice(10)).toEqual([
		"--kube-version=1.34.1",
		`--repository=${nasty}`,
	]);
	await expect(readFile(join(workspace, "sub", "here"))).rejects.toThrow(
		"ENOENT",
	);
});

test.concurrent("what the plan prints is no workflow command", async () => {
	const env = { ...plain, BASE: base, HEAD: head };
	const [first, second] = await Promise.all([
		run(judge?.run, env),
		run(judge?.run, env),
	]);
	const pattern = /^::stop-commands::([0-9a-f]{32})\n::\1::$/;
	expect(first.stdout).toMatch(pattern);
	expect(second.stdout).toMatch(pattern);
	expect(first.stdout).not.toBe(second.stdout);
});

test.concurrent("commits that cannot be fetched are an error that says what to set", async () => {
	const env = { ...plain, BASE: "1".repeat(40), HEAD: head };
	const { exitCode, stdout, npm } = await run(judge?.run, env);
	expect(exitCode).toBe(3);
	expect(stdout).toMatch(
		/^::error::.*set fetch-depth: 0 for actions\/checkout/,
	);
	expect(npm).toEqual([]);
});

test.concurrent("without a pull request, the inputs must say what to compare", async () => {
	const { exitCode, stdout } = await run(judge?.run, {
		...plain,
		BASE: "",
		HEAD: "",
	});
	expect(exitCode).toBe(3);
	expect(stdout).toBe(
		"::error::This is no pull request: set the inputs base and head.",
	);
});

test.concurrent("the comment links to the report only where it was uploaded", async () => {
	const report = "/t/upgrade-report";
	const with0 = await run(comment?.run, { REPORT: report, ARTIFACT: "" });
	expect(with0.npm.slice(4)).toEqual([
		"upgrade:comment",
		"--",
		`--report=${report}`,
	]);
	const address = "https://example.org/1";
	const with1 = await run(comment?.run, { REPORT: report, ARTIFACT: address });
	expect(with1.npm.at(-1)).toBe(`--artifact=${address}`);
});

test.concurrent.each([
	["safe", "0", 0],
	["review", "4", 0],
	["unsafe", "1", 1],
	["inconclusive", "2", 2],
	["bad input", "3", 3],
])("%s ends the job as it should", async (_, CODE, expected) => {
	const { exitCode } = await run(verdict?.run, { CODE });
	expect(exitCode).toBe(expected);
});
