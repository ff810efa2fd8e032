import { readFile, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import { execa } from "execa";
import { BadInputError, messageOf } from "../../../common/errors.ts";
import type { DocumentCache } from "../documents.ts";
import { RepositoryTree } from "./tree.ts";

/** A commit, or the files as they are on disk. */
export interface Revision {
	/** For people, e.g. `main (3f2a91c0)`. */
	readonly name: string;
	/** Undefined for the working tree. */
	readonly commit: string | undefined;
}

/** No chart, and no values, are larger. */
const largest = 4 * 1024 ** 2;
const lineFeed = 10;

/** A Git repository, which is only read: neither its working tree nor its index is changed. */
export class GitRepository {
	readonly folder: string;
	/** Without a working tree. */
	readonly isBare: boolean;

	private constructor(folder: string, isBare: boolean) {
		this.folder = folder;
		this.isBare = isBare;
	}

	/** @param folder a repository, or a folder in one @throws BadInputError */
	static async open(folder: string): Promise<GitRepository> {
		const info = await stat(folder).catch(() => undefined);
		if (!info?.isDirectory())
			throw new BadInputError(`--repo ${folder}: there is no such folder`);
		const ask = async (what: string) => {
			try {
				return (await runGit(folder, ["rev-parse", what])).toString().trim();
			} catch (cause) {
				throw new BadInputError(
					`--repo ${folder}: it is not in a Git repository (${messageOf(cause)})`,
					{ cause },
				);
			}
		};
		const isBare = (await ask("--is-bare-repository")) === "true";
		return new GitRepository(
			await ask(isBare ? "--absolute-git-dir" : "--show-toplevel"),
			isBare,
		);
	}

	/** The commit that a name means here or, as in a checkout of CI, on origin; undefined if it means none. */
	async commitOf(ref: string): Promise<string | undefined> {
		for (const name of [ref, `origin/${ref}`]) {
			const commit = await this.#ask(
				"rev-parse",
				"--verify",
				"--quiet",
				"--end-of-options",
				`${name}^{commit}`,
			);
			if (commit) return commit;
		}
		return undefined;
	}

	/** Where two commits parted; undefined if they have nothing in common, or too little of the history is here. */
	mergeBase(a: string, b: string): Promise<string | undefined> {
		return this.#ask("merge-base", a, b);
	}

	/** The branch that others start from, as a name that Git knows. */
	async defaultBranch(): Promise<string | undefined> {
		const named = await this.#ask(
			"rev-parse",
			"--verify",
			"--quiet",
			"--abbrev-ref",
			"origin/HEAD",
		);
		const usual = ["origin/main", "origin/master", "main", "master"];
		for (const name of [...(named ? [named] : []), ...usual])
			if (await this.#ask("rev-parse", "--verify", "--quiet", name))
				return name;
		return undefined;
	}

	async read(
		{ commit }: Revision,
		cache?: DocumentCache,
	): Promise<RepositoryTree> {
		return new RepositoryTree(
			commit ? await this.#readCommit(commit) : await this.#readFolder(),
			cache,
		);
	}

	async #ask(...args: string[]): Promise<string | undefined> {
		const { stdout } = await execa("git", ["-C", this.folder, ...args], {
			reject: false,
		});
		return stdout.trim() || undefined;
	}

	async #readCommit(commit: string): Promise<Map<string, Buffer>> {
		const list = await runGit(this.folder, [
			...["ls-tree", "-r", "-z", "-l", "--full-tree", commit],
		]);
		const entries = list
			.toString()
			.split("\0")
			.flatMap((line) => {
				const [, mode, hash, size, path] =
					/^(\d+) blob (\w+) +(\d+)\t(.+)$/s.exec(line) ?? [];
				return hash && path && Number(size) <= largest
					? [{ hash, path, isLink: mode === "120000" }]
					: [];
			});
		const contents = splitBatch(
			await runGit(
				this.folder,
				["cat-file", "--batch"],
				`${entries.map(({ hash }) => hash).join("\n")}\n`,
			),
		);
		const files = new Map<string, Buffer>();
		const links = new Map<string, string>();
		for (const [i, { path, isLink }] of entries.entries()) {
			const content = contents[i] ?? Buffer.alloc(0);
			if (isLink)
				links.set(path, posix.join(posix.dirname(path), content.toString()));
			else files.set(path, content);
		}
		for (const [path, target] of links) {
			const content = files.get(target);
			if (content) files.set(path, content);
		}
		return files;
	}

	/** What Git tracks, and what it would add. */
	async #readFolder(): Promise<Map<string, Buffer>> {
		const list = await runGit(this.folder, [
			...["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
		]);
		const files = new Map<string, Buffer>();
		for (const path of new Set(list.toString().split("\0").filter(Boolean))) {
			const file = join(this.folder, path);
			// Git still lists what was deleted.
			const info = await stat(file).catch(() => undefined);
			if (info?.isFile() && info.size <= largest)
				files.set(path, await readFile(file));
		}
		return files;
	}
}

/** Runs Git so that it writes nothing, not even its index. */
async function runGit(
	folder: string,
	args: readonly string[],
	input?: string,
): Promise<Buffer> {
	const { stdout } = await execa("git", ["-C", folder, ...args], {
		encoding: "buffer",
		maxBuffer: 1024 ** 3,
		stripFinalNewline: false,
		env: { GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" },
		...(input !== undefined && { input }),
	}).catch((cause: unknown) => {
		throw new BadInputError(`git ${args[0]}: ${reasonOf(cause)}`, { cause });
	});
	return Buffer.from(stdout);
}

/** The last line that Git printed, or why it did not start. */
function reasonOf(error: unknown): string {
	const stderr =
		error instanceof Error && "stderr" in error ? error.stderr : undefined;
	const text =
		stderr instanceof Uint8Array ? Buffer.from(stderr).toString().trim() : "";
	return text.split("\n")[0]?.replace(/^fatal: /, "") || messageOf(error);
}

/** The objects of `git cat-file --batch`: each a line with its size, its content, and a line feed. */
function splitBatch(output: Buffer): Buffer[] {
	const contents: Buffer[] = [];
	for (let at = 0; at < output.length; ) {
		const end = output.indexOf(lineFeed, at);
		const size = Number(output.toString("latin1", at, end).split(" ")[2]);
		contents.push(output.subarray(end + 1, end + 1 + size));
		at = end + 1 + size + 1;
	}
	return contents;
}
