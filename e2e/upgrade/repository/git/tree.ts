import { posix } from "node:path";
import { rememberLogins } from "../../../common/secrecy/in-urls.ts";
import { DocumentCache, type YamlDocument } from "../documents.ts";

/** The files of a revision. Paths begin at the repository's root, with forward slashes; the root itself is ".". */
export class RepositoryTree {
	readonly #files: ReadonlyMap<string, Buffer>;
	readonly #folders = new Set<string>();
	readonly #read = new Set<string>();
	readonly #cache: DocumentCache;

	constructor(files: ReadonlyMap<string, Buffer>, cache = new DocumentCache()) {
		this.#files = files;
		this.#cache = cache;
		for (const path of files.keys())
			for (
				let folder = posix.dirname(path);
				!this.#folders.has(folder);
				folder = posix.dirname(folder)
			)
				this.#folders.add(folder);
	}

	/** All files, sorted. */
	get paths(): string[] {
		return [...this.#files.keys()].sort();
	}

	has(path: string): boolean {
		return this.#files.has(path);
	}

	isFolder(path: string): boolean {
		return this.#folders.has(path);
	}

	/** A file's text; undefined if there is no such file, or it is not a text. */
	read(path: string): string | undefined {
		const content = this.#files.get(path);
		if (!content || content.includes(0)) return undefined;
		const text = content.toString();
		// Messages name where charts come from: a chart repository or a Git one, perhaps with a token.
		if (!this.#read.has(path)) rememberLogins([text]);
		this.#read.add(path);
		return text;
	}

	/** The documents of a YAML file that can be read. */
	documents(path: string): readonly YamlDocument[] {
		const text = this.read(path);
		return text === undefined ? [] : this.#cache.parse(text, path);
	}

	/** The first of them. */
	document(path: string): YamlDocument | undefined {
		return this.documents(path)[0];
	}

	/** All folders, sorted. */
	get folders(): string[] {
		return [...this.#folders].sort();
	}

	/** A file, or the files in a folder and below it. */
	at(path: string): Map<string, Buffer> {
		const file = this.#files.get(path);
		return file ? new Map([["", file]]) : this.below(path);
	}

	/** Files in a folder and below it, with their contents, by their path in it. */
	below(folder: string): Map<string, Buffer> {
		const prefix = folder === "." ? "" : `${folder}/`;
		return new Map(
			[...this.#files]
				.filter(([path]) => path.startsWith(prefix))
				.map(([path, content]) => [path.slice(prefix.length), content]),
		);
	}
}

/** A path as a file names it, relative to a folder; one that leaves the repository leads nowhere. */
export function pathFrom(folder: string, path: string): string {
	return posix.join(folder, path).replace(/(?<=.)\/$/, "");
}
