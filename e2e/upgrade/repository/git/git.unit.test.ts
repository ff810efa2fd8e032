import {
	mkdir,
	mkdtemp,
	readFile,
	rm,
	symlink,
	writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { redact } from "../../../common/secrecy/redact.ts";
import { makeTree } from "./make-tree.ts";
import { GitRepository } from "./repository.ts";
import { chooseRevisions } from "./revisions.ts";

let root = "";
beforeAll(async () => {
	root = await mkdtemp(join(tmpdir(), "o11y-e2e-git-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** So that a commit starts no process to tidy up. */
const settings = [
	"user.name=test",
	"user.email=test@example.org",
	"maintenance.auto=false",
	"gc.auto=0",
].flatMap((each) => ["-c", each]);

/** A repository of its own, without a commit. */
async function makeRepository() {
	const dir = await mkdtemp(join(root, "repository-"));
	const git = async (...args: string[]): Promise<string> => {
		const { stdout } = await execa("git", ["-C", dir, ...settings, ...args]);
		return stdout;
	};
	const write = async (path: string, text: string) => {
		await mkdir(dirname(join(dir, path)), { recursive: true });
		await writeFile(join(dir, path), text);
	};
	/** @returns the new commit */
	const commit = async (path: string, text: string): Promise<string> => {
		await write(path, text);
		await git("add", "--all");
		await git("commit", "--quiet", "--message", path);
		// Without a process: they are what these tests spend their time on.
		const inGit = (name: string) => readFile(join(dir, ".git", name), "utf8");
		const branch = (await inGit("HEAD")).trim().replace(/^ref: /, "");
		return (await inGit(branch)).trim();
	};
	const choose = async (base?: string, head?: string) =>
		chooseRevisions(await GitRepository.open(dir), base, head);
	await git("init", "--quiet", "--initial-branch=main", "--template=");
	return { dir, git, write, commit, choose };
}

test("a revision is read as it was committed", async () => {
	const { dir, commit } = await makeRepository();
	const first = await commit("a/one.yaml", "a: 1\n");
	await commit("a/one.yaml", "a: 2\n");
	await symlink("one.yaml", join(dir, "a/link.yaml"));
	const second = await commit("a/ünï.yaml", "a: 3\n");
	const repository = await GitRepository.open(join(dir, "a"));
	const before = await repository.read({ name: "", commit: first });
	const after = await repository.read({ name: "", commit: second });
	expect(before.paths).toEqual(["a/one.yaml"]);
	expect(before.read("a/one.yaml")).toBe("a: 1\n");
	expect(after.paths).toEqual(["a/link.yaml", "a/one.yaml", "a/ünï.yaml"]);
	expect(after.read("a/link.yaml")).toBe("a: 2\n");
	expect(after.isFolder("a")).toBe(true);
});

test("the working tree has what is not committed, and not what is ignored", async () => {
	const { dir, git, write, commit } = await makeRepository();
	await commit("kept.yaml", "a: 1\n");
	await commit("gone.yaml", "a: 1\n");
	await write(".gitignore", "secret.yaml\n");
	await write("secret.yaml", "a: 1\n");
	await write("new.yaml", "a: 1\n");
	await write("kept.yaml", "a: 2\n");
	await rm(join(dir, "gone.yaml"));
	const before = await git("status", "--porcelain");
	const repository = await GitRepository.open(dir);
	const tree = await repository.read({ name: "", commit: undefined });
	expect(tree.paths).toEqual([".gitignore", "kept.yaml", "new.yaml"]);
	expect(tree.read("kept.yaml")).toBe("a: 2\n");
	expect(await git("status", "--porcelain")).toBe(before);
});

test("a branch is compared from where it left the default branch", async () => {
	const { git, commit, choose } = await makeRepository();
	const parting = await commit("a.yaml", "a: 1\n");
	await git("switch", "--quiet", "--create", "bump");
	await commit("a.yaml", "a: 2\n");
	await git("switch", "--quiet", "main");
	const target = await commit("b.yaml", "b: 1\n");
	await git("switch", "--quiet", "bump");
	expect((await choose(target)).base.name).toBe(
		`${parting.slice(0, 8)}, where the branch left ${target.slice(0, 8)}`,
	);
	expect(await choose()).toEqual({
		base: {
			name: `${parting.slice(0, 8)}, where the branch left main`,
			commit: parting,
		},
		head: { name: "the working tree", commit: undefined },
	});
});

test("on the default branch, what is not committed is compared", async () => {
	const { commit, choose } = await makeRepository();
	const commitNow = await commit("a.yaml", "a: 1\n");
	const { base, head } = await choose();
	expect(base.commit).toBe(commitNow);
	expect(head.commit).toBeUndefined();
});

test("the default branch is that of origin, if there is one", async () => {
	const { git, commit, choose } = await makeRepository();
	const pushed = await commit("a.yaml", "a: 1\n");
	await git("update-ref", "refs/remotes/origin/trunk", pushed);
	await git(
		"symbolic-ref",
		"refs/remotes/origin/HEAD",
		"refs/remotes/origin/trunk",
	);
	await commit("a.yaml", "a: 2\n");
	expect((await choose()).base).toEqual({
		name: `origin/trunk (${pushed.slice(0, 8)})`,
		commit: pushed,
	});
});

test("both sides can be named, also as branches that only origin has", async () => {
	const { git, commit, choose } = await makeRepository();
	const first = await commit("a.yaml", "a: 1\n");
	const second = await commit("a.yaml", "a: 2\n");
	await git("update-ref", "refs/remotes/origin/renovate", second);
	expect(await choose("HEAD~1", "renovate")).toEqual({
		base: { name: `HEAD~1 (${first.slice(0, 8)})`, commit: first },
		head: { name: `renovate (${second.slice(0, 8)})`, commit: second },
	});
});

test("a named base without a common history is taken as it is", async () => {
	const { git, commit, choose } = await makeRepository();
	const first = await commit("a.yaml", "a: 1\n");
	await git("switch", "--quiet", "--orphan", "other");
	await commit("b.yaml", "b: 1\n");
	expect((await choose("main")).base.commit).toBe(first);
	await expect(choose()).rejects.toThrow(
		"the history that is here does not reach back",
	);
});

test.each([
	["nowhere", undefined, "--base nowhere: there is no such commit here"],
	["main", "nowhere", "--head nowhere: there is no such commit here"],
])("base %s and head %s are refused", async (base, head, sentence) => {
	const { commit, choose } = await makeRepository();
	await commit("a.yaml", "a: 1\n");
	await expect(choose(base, head)).rejects.toThrow(sentence);
});

test("without a default branch, a base has to be named", async () => {
	const { git, commit, choose } = await makeRepository();
	await commit("a.yaml", "a: 1\n");
	await git("branch", "--move", "mine");
	await expect(choose()).rejects.toThrow("say with --base <ref>");
});

test("a repository without commits has nothing to compare", async () => {
	const { choose } = await makeRepository();
	await expect(choose()).rejects.toThrow("there is no such commit");
});

test("logins in the addresses of a repository are blanked", () => {
	const tree = makeTree({
		"app.yaml": { spec: { repoURL: "https://x:Repo-Token-9@git.lan/charts" } },
		"main.tf": 'repository = "oci://me:Chart-Pw-9@registry.lan/charts"',
	});
	expect(tree.documents("app.yaml")).toHaveLength(1);
	expect(tree.read("main.tf")).toContain("registry.lan");
	expect(redact("Repo-Token-9 Chart-Pw-9 git.lan")).toBe(
		"<blanked> <blanked> git.lan",
	);
});
