import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { SourceObject } from "./api-server.ts";
import type { Settings, SourceKind } from "./settings.ts";

type Files = ReadonlyMap<string, Buffer>;

/** The files of an object: paths with their contents. */
export function filesOf(
	kind: SourceKind,
	{ metadata, data, binaryData }: SourceObject,
	{ folder, folderAnnotation, uniqueNames }: Settings,
): Map<string, Buffer> {
	const { name, namespace, annotations } = metadata;
	const target = resolve(folder, annotations?.[folderAnnotation] ?? "");
	const pathOf = (key: string) =>
		join(
			target,
			uniqueNames ? `namespace_${namespace}.${kind}_${name}.${key}` : key,
		);
	const encoding = kind === "secret" ? "base64" : "utf8";
	return new Map([
		...Object.entries(data ?? {}).map(
			([key, text]) => [pathOf(key), Buffer.from(text, encoding)] as const,
		),
		...Object.entries(binaryData ?? {}).map(
			([key, text]) => [pathOf(key), Buffer.from(text, "base64")] as const,
		),
	]);
}

/** What was written of each object. */
export class WrittenFiles {
	readonly #say: (line: string) => void;
	/** By the object's key. */
	readonly #written = new Map<string, Files>();
	#halves = 0;

	constructor(say: (line: string) => void) {
		this.#say = say;
	}

	/** The keys of the objects that have files. */
	keys(): string[] {
		return [...this.#written.keys()];
	}

	/** Writes the files of an object, and removes those that it no longer has. @returns whether anything changed */
	async put(key: string, files: Files): Promise<boolean> {
		const old: Files = this.#written.get(key) ?? new Map();
		const gone = [...old.keys()].filter((path) => !files.has(path));
		const fresh = [...files].filter(
			([path, content]) => !old.get(path)?.equals(content),
		);
		for (const path of gone) await rm(path, { force: true });
		for (const [path, content] of fresh) {
			await mkdir(dirname(path), { recursive: true });
			// A reader must never see half a file.
			const half = join(dirname(path), `.half-${this.#halves++}`);
			await writeFile(half, content);
			await rename(half, path);
		}
		if (files.size > 0) this.#written.set(key, new Map(files));
		else this.#written.delete(key);
		for (const path of gone) this.#say(`${key}: removed ${path}`);
		for (const [path] of fresh) this.#say(`${key}: wrote ${path}`);
		return gone.length + fresh.length > 0;
	}
}
