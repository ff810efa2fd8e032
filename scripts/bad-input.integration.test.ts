import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { projectPath } from "../e2e/common/paths.ts";

/** Nine aliases of nine aliases, and so on: half a million strings. */
const bomb = ["a", "b", "c", "d", "e", "f"]
	.map((name, i, names) => {
		const item = i === 0 ? '"x"' : `*${names[i - 1]}`;
		return `${name}: &${name} [${Array(9).fill(item).join(", ")}]\n`;
	})
	.join("");

let dir = "";
beforeAll(async () => {
	dir = await mkdtemp(join(tmpdir(), "o11y-e2e-bad-input-"));
	await writeFile(join(dir, "broken.yaml"), "a: [1\n");
	await writeFile(join(dir, "list.yaml"), "- a\n");
	await writeFile(join(dir, "bomb.yaml"), bomb);
	await writeFile(
		join(dir, "release.yaml"),
		"apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec: {valuesFrom: [{kind: ConfigMap, name: a}]}\n",
	);
	await writeFile(join(dir, "not-a-chart.tgz"), "not a tar\n");
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function e2e(...args: string[]) {
	const { exitCode, stderr, stdout } = await execa(
		process.execPath,
		[
			projectPath("scripts/e2e.ts"),
			`--report=${await mkdtemp(join(dir, "report-"))}`,
			...args,
		],
		{ reject: false },
	);
	return { exitCode, stderr: stderr.trim(), stdout };
}

test.concurrent.each([
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
	[["--chart", "DIR/nowhere"], "it is not a file or folder"],
	[["--chart", "DIR"], "the folder is not a chart"],
	[["--chart", "DIR/not-a-chart.tgz"], "the file is not a packaged chart"],
	[["--chart", "embedded", "--chart-version", "1.2.3"], "--chart-version says"],
	[["--chart-version", "newest"], "--chart-version newest: a version of"],
	[["--ca-file", "DIR/missing.pem"], "missing.pem cannot be read"],
	[["--ca-file", "DIR/list.yaml"], "it has no certificate in PEM"],
	[["--images", "elsewhere"], "--images elsewhere: must be"],
	[["--images", "archive:DIR/missing.tar"], "there is no such file"],
	[["--images", "archive:DIR/list.yaml"], "not an archive that"],
	[["--k3s-version", "1.34"], "looks like v1.34.1+k3s1"],
	[["--snapshotter", "zfs"], "must be overlayfs, native or fuse-overlayfs"],
	[["--patience", "0"], "--patience 0: must be a number from 1 to 100"],
	[
		["--images", "build", "--k3s-version", "v1.34.1+k3s1"],
		"only --images pull",
	],
] as const)(
	"%j ends with one sentence and exit code 3",
	async (args, sentence) => {
		const { exitCode, stderr } = await e2e(
			...args.map((arg) => arg.replace("DIR", dir)),
		);
		expect(stderr).toContain(sentence);
		expect(stderr.split("\n")).toHaveLength(1);
		expect(exitCode).toBe(3);
	},
);

test.concurrent("a values file that the chart's schema refuses is bad input, in Helm's words", async () => {
	const file = join(dir, "wrong-type.yaml");
	await writeFile(file, "alertmanager: { enabled: perhaps }\n");
	const { exitCode, stderr } = await e2e(
		"--chart=embedded",
		`--values=${file}`,
	);
	expect(stderr).toMatch(/helm template failed .*alertmanager.*enabled/s);
	expect(exitCode).toBe(3);
});

test.concurrent("--help lists every option and ends with exit code 0", async () => {
	const { exitCode, stdout } = await e2e("--help");
	for (const option of [
		"keep",
		"only",
		"chart",
		"chart-version",
		"values",
		"images",
		"k3s-version",
		"fresh",
		"patience",
	])
		expect(stdout).toContain(`--${option}`);
	expect(exitCode).toBe(0);
});

test.concurrent.each([
	[["--clusters", "0"], "--clusters 0: must be a number from 1 to 999"],
	[["--only", "nonsense"], "--only nonsense: none of the"],
	[["--shard", "3/2"], "--shard 3/2: must be a part of a whole"],
	[["--healthy", "--only", "wal-replay"], "--only wal-replay: none of the"],
	[["--all", "--faults"], "do not go with --all or --sample"],
] as const)(
	"e2e:mutations %j ends with one sentence and exit code 3",
	async (args, sentence) => {
		const { exitCode, stderr } = await execa(
			process.execPath,
			[projectPath("scripts/mutations.ts"), ...args],
			{ reject: false },
		);
		expect(stderr).toContain(sentence);
		expect(stderr.trim().split("\n")).toHaveLength(1);
		expect(exitCode).toBe(3);
	},
);

test.concurrent.each([
	[[], "neither GITHUB_ACTIONS nor GITLAB_CI is true"],
	[["--artifact", "here"], "--artifact here: it is not a URL"],
] as const)(
	"upgrade:comment %j ends with one sentence and exit code 3",
	async (args, sentence) => {
		const { exitCode, stderr } = await execa(
			process.execPath,
			[projectPath("scripts/upgrade-comment.ts"), ...args],
			{ reject: false, env: { GITHUB_ACTIONS: "", GITLAB_CI: "" } },
		);
		expect(stderr).toContain(sentence);
		expect(stderr.trim().split("\n")).toHaveLength(1);
		expect(exitCode).toBe(3);
	},
);

const toItself = ["--from", "embedded", "--to", "embedded"] as const;

async function upgrade(...args: string[]) {
	const { exitCode, stderr } = await execa(
		process.execPath,
		[
			projectPath("scripts/upgrade.ts"),
			`--report=${await mkdtemp(join(dir, "report-"))}`,
			...args.map((arg) => arg.replace("DIR", dir)),
		],
		{ reject: false },
	);
	return { exitCode, stderr: stderr.trim() };
}

test.concurrent.each([
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
] as const)(
	"upgrade %j ends with one sentence and exit code 3",
	async (args, sentence) => {
		const { exitCode, stderr } = await upgrade(...args);
		expect(stderr).toContain(sentence.replace("DIR", dir));
		expect(stderr.split("\n")).toHaveLength(1);
		expect(exitCode).toBe(3);
	},
);

test.concurrent("a first chart that refuses its own values is bad input", async () => {
	const file = join(dir, "refused.yaml");
	await writeFile(file, "grafana: {}\nprometheuss: {}\n");
	const { exitCode, stderr } = await upgrade(
		"--plan",
		"--from=embedded",
		"--to=embedded",
		`--from-values=${file}`,
	);
	expect(stderr).toMatch(/helm template failed .*prometheuss/s);
	expect(exitCode).toBe(3);
});

test.concurrent("a chart compared with itself is safe", async () => {
	const { exitCode, stderr } = await upgrade(
		"--plan",
		"--from=embedded",
		"--to=embedded",
	);
	expect(stderr).toBe("");
	expect(exitCode).toBe(0);
});

test.concurrent("O11Y_E2E_PATIENCE is checked as --patience is", async () => {
	const { exitCode, stderr } = await execa(
		process.execPath,
		[projectPath("scripts/down.ts")],
		{ reject: false, env: { O11Y_E2E_PATIENCE: "much" } },
	);
	expect(stderr).toContain("O11Y_E2E_PATIENCE much: must be a number");
	expect(exitCode).toBe(3);
});
