import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { projectPath } from "../../common/paths.ts";
import { makeApplication, ownRepository } from "./argo/make-application.ts";
import { makeHelmRelease } from "./flux/make-objects.ts";

let dir = "";
const git = (...args: string[]) => {
	const author = ["user.name=test", "user.email=test@example.org"];
	return execa("git", [
		"-C",
		join(dir, "repo"),
		...author.flatMap((each) => ["-c", each]),
		...args,
	]);
};

const makeStack = (name: string, values: object) =>
	makeHelmRelease(
		{
			chart: {
				spec: {
					chart: "./charts/kube-prometheus-stack",
					sourceRef: { kind: "GitRepository", name: "home" },
				},
			},
			values,
		},
		name,
	);

async function commit(values: object, othersValues: object = {}) {
	const objects = [
		makeStack("stack", values),
		makeStack("other", othersValues),
	];
	await writeFile(
		join(dir, "repo/stack.yaml"),
		objects.map((each) => stringify(each)).join("---\n"),
	);
	await git("add", "--all");
	await git("commit", "--quiet", "--message", "change");
}

beforeAll(async () => {
	dir = await mkdtemp(join(tmpdir(), "o11y-e2e-repository-"));
	await execa("git", [
		"init",
		"--quiet",
		"--initial-branch=main",
		`${dir}/repo`,
	]);
	await cp(
		projectPath("stack/charts/kube-prometheus-stack"),
		join(dir, "repo/charts/kube-prometheus-stack"),
		{ recursive: true },
	);
	await commit({});
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function upgrade(...args: string[]) {
	const report = join(dir, "report");
	const { exitCode, stdout, stderr } = await execa(
		process.execPath,
		[
			projectPath("scripts/upgrade.ts"),
			"--plan",
			`--repo=${dir}/repo`,
			`--report=${report}`,
			...args,
		],
		{ reject: false },
	);
	const summary = await readFile(join(report, "summary.json"), "utf8");
	return { exitCode, stdout, stderr, summary: JSON.parse(summary) };
}

test("a change that loses alerts is unsafe, in a report of its own", async () => {
	await commit({ alertmanager: { enabled: false } });
	const { exitCode, stdout, stderr, summary } = await upgrade("--base=HEAD~1");
	expect(stderr).toBe("");
	expect(exitCode).toBe(1);
	expect(stdout).toMatch(
		/UNSAFE monitoring\/stack \(Flux\): \S+, other values/,
	);
	expect(summary).toMatchObject({
		exitCode: 1,
		releases: [
			{
				title: "monitoring/stack (Flux)",
				place: "stack.yaml:1",
				verdict: "unsafe",
				folder: "releases/1-monitoring-stack",
			},
		],
	});
	const report = join(dir, "report", summary.releases[0].folder, "report.json");
	expect(JSON.parse(await readFile(report, "utf8"))).toMatchObject({
		verdict: "unsafe",
		origin: { deployer: "Flux", file: "stack.yaml", line: 1 },
		with: "Flux, as stack.yaml says",
		commands: expect.arrayContaining([
			"flux reconcile helmrelease stack --namespace monitoring --with-source",
		]),
	});
});

test("each release has a report, and the worst verdict counts", async () => {
	const without = { alertmanager: { enabled: false } };
	await commit(without, { nonsense: true });
	await commit({}, without);
	await commit(without, {});
	const { exitCode, summary } = await upgrade("--base=HEAD~1");
	expect(summary.releases).toMatchObject([
		{ folder: "releases/1-monitoring-stack", verdict: "unsafe" },
		{ folder: "releases/2-monitoring-other" },
	]);
	expect(exitCode).toBe(1);
});

test("a side that its chart refuses does not hide the other release", async () => {
	const { summary } = await upgrade("--base=HEAD~2", "--head=HEAD~1");
	expect(summary.releases).toMatchObject([
		{ title: "monitoring/stack (Flux)", folder: expect.any(String) },
		{
			title: "monitoring/other (Flux)",
			verdict: "unreadable",
			sentence: expect.stringContaining("the old chart"),
		},
	]);
});

test("a release that is removed is for a person to decide", async () => {
	await git("rm", "--quiet", "stack.yaml");
	const { exitCode, summary } = await upgrade("--base=HEAD");
	expect(summary.releases).toMatchObject([
		{ verdict: "removed" },
		{ verdict: "removed" },
	]);
	expect(exitCode).toBe(4);
});

test("a release of Argo CD is judged as Argo CD installs it", async () => {
	const write = (values: object) =>
		writeFile(
			join(dir, "repo/app.yaml"),
			stringify(
				makeApplication({
					source: {
						...{ repoURL: ownRepository, path: "charts/kube-prometheus-stack" },
						helm: { releaseName: "argo", valuesObject: values },
					},
				}),
			),
		);
	await write({});
	await git("add", "--all");
	await git("commit", "--quiet", "--message", "app");
	await write({ alertmanager: { enabled: false } });
	const { summary } = await upgrade("--base=HEAD");
	const report = join(dir, "report", summary.releases[0].folder, "report.json");
	expect(JSON.parse(await readFile(report, "utf8"))).toMatchObject({
		with: "Argo CD, as app.yaml says",
		reasons: expect.arrayContaining([
			expect.objectContaining({ id: "not-pruned", danger: "review" }),
		]),
		commands: expect.arrayContaining(["argocd app sync stack"]),
	});
});
