import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { stringify } from "yaml";
import { projectPath } from "../../common/paths.ts";
import { makeApplication, ownRepository } from "./argo/make-application.ts";
import { makeHelmRelease } from "./flux/make-objects.ts";

// Each plan mostly computes.
vi.setConfig({ maxConcurrency: 3 });

let dir = "";
beforeAll(async () => {
	dir = await mkdtemp(join(tmpdir(), "o11y-e2e-repository-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

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

/** A repository with both releases in its first commit, and a folder for reports beside it. */
class TestRepository {
	readonly #dir: string;

	private constructor(folder: string) {
		this.#dir = folder;
	}

	static async make(): Promise<TestRepository> {
		const made = new TestRepository(await mkdtemp(join(dir, "made-")));
		const { root } = made;
		await execa("git", ["init", "--quiet", "--initial-branch=main", root]);
		await cp(
			projectPath("stack/charts/kube-prometheus-stack"),
			join(root, "charts/kube-prometheus-stack"),
			{ recursive: true },
		);
		await made.commitStacks({});
		return made;
	}

	get root(): string {
		return join(this.#dir, "repo");
	}

	git(...args: string[]) {
		const author = ["user.name=test", "user.email=test@example.org"];
		return execa("git", [
			"-C",
			this.root,
			...author.flatMap((each) => ["-c", each]),
			...args,
		]);
	}

	async commit(): Promise<void> {
		await this.git("add", "--all");
		await this.git("commit", "--quiet", "--message", "change");
	}

	async commitStacks(values: object, othersValues: object = {}) {
		const objects = [
			makeStack("stack", values),
			makeStack("other", othersValues),
		];
		await writeFile(
			join(this.root, "stack.yaml"),
			objects.map((each) => stringify(each)).join("---\n"),
		);
		await this.commit();
	}

	async upgrade(...args: string[]) {
		const report = join(this.#dir, "report");
		const { exitCode, stdout, stderr } = await execa(
			process.execPath,
			[
				projectPath("scripts/upgrade.ts"),
				"--plan",
				`--repo=${this.root}`,
				`--report=${report}`,
				...args,
			],
			{ reject: false },
		);
		const summary = await readFile(join(report, "summary.json"), "utf8");
		return { exitCode, stdout, stderr, summary: JSON.parse(summary) };
	}

	/** Reads a file of the last report. @param names of its folders, and its own */
	async readReport(...names: string[]): Promise<unknown> {
		const path = join(this.#dir, "report", ...names);
		return JSON.parse(await readFile(path, "utf8"));
	}
}

const without = { alertmanager: { enabled: false } };

/** Three commits, of which the first has values that the chart refuses. */
async function makeRefused(): Promise<TestRepository> {
	const repository = await TestRepository.make();
	await repository.commitStacks(without, { nonsense: true });
	await repository.commitStacks({}, without);
	await repository.commitStacks(without, {});
	return repository;
}

test.concurrent("a change that loses alerts is unsafe, in a report of its own", async () => {
	const repository = await TestRepository.make();
	await repository.commitStacks(without);
	const { exitCode, stdout, stderr, summary } =
		await repository.upgrade("--base=HEAD~1");
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
	const { folder } = summary.releases[0];
	expect(await repository.readReport(folder, "report.json")).toMatchObject({
		verdict: "unsafe",
		origin: { deployer: "Flux", file: "stack.yaml", line: 1 },
		with: "Flux, as stack.yaml says",
		commands: expect.arrayContaining([
			"flux reconcile helmrelease stack --namespace monitoring --with-source",
		]),
	});
});

test.concurrent("each release has a report, and the worst verdict counts", async () => {
	const repository = await makeRefused();
	const { exitCode, summary } = await repository.upgrade("--base=HEAD~1");
	expect(summary.releases).toMatchObject([
		{ folder: "releases/1-monitoring-stack", verdict: "unsafe" },
		{ folder: "releases/2-monitoring-other" },
	]);
	expect(exitCode).toBe(1);
});

test.concurrent("a side that its chart refuses does not hide the other release", async () => {
	const repository = await makeRefused();
	const { summary } = await repository.upgrade(
		"--base=HEAD~2",
		"--head=HEAD~1",
	);
	expect(summary.releases).toMatchObject([
		{ title: "monitoring/stack (Flux)", folder: expect.any(String) },
		{
			title: "monitoring/other (Flux)",
			verdict: "unreadable",
			sentence: expect.stringContaining("the old chart"),
		},
	]);
});

test.concurrent("a release that is removed is for a person to decide", async () => {
	const repository = await TestRepository.make();
	await repository.git("rm", "--quiet", "stack.yaml");
	const { exitCode, summary } = await repository.upgrade("--base=HEAD");
	expect(summary.releases).toMatchObject([
		{ verdict: "removed" },
		{ verdict: "removed" },
	]);
	expect(exitCode).toBe(4);
});

test.concurrent("a release of Argo CD is judged as Argo CD installs it", async () => {
	const repository = await TestRepository.make();
	const write = (values: object) =>
		writeFile(
			join(repository.root, "app.yaml"),
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
	await repository.commit();
	await write(without);
	const { summary } = await repository.upgrade("--base=HEAD");
	const { folder } = summary.releases[0];
	expect(await repository.readReport(folder, "report.json")).toMatchObject({
		with: "Argo CD, as app.yaml says",
		reasons: expect.arrayContaining([
			expect.objectContaining({ id: "not-pruned", danger: "review" }),
		]),
		commands: expect.arrayContaining(["argocd app sync stack"]),
	});
});
