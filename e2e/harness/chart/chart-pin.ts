import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isMissingFile, SetUpError } from "../../common/errors.ts";
import { writeWhole } from "../run/whole-file.ts";

/**
 * A chart in the cache, pinned by its digest once it was fetched: a published version does not change, and what is in the
 * cache is used only if it is whole.
 */
export class PinnedChart {
	readonly #path: string;
	readonly #pin: string;

	/** @param path of the .tgz in the cache; the digest is kept beside it */
	constructor(path: string) {
		this.#path = path;
		this.#pin = `${path}.sha256`;
	}

	/** The path of the chart, if it is there and what was fetched. */
	async find(): Promise<string | undefined> {
		const content = await ifThere(readFile(this.#path));
		const pinned = await this.#read();
		return content && pinned === digestOf(content) ? this.#path : undefined;
	}

	/**
	 * Keeps a chart that was fetched, and pins it. @returns its path
	 *
	 * @param chart for the message, e.g. "the chart oci://charts.example.org/stack"
	 * @throws SetUpError if another one was fetched before
	 */
	async keep(content: Buffer, chart: string): Promise<string> {
		const digest = digestOf(content);
		const pinned = await this.#read();
		if (pinned !== undefined && pinned !== digest)
			throw new SetUpError(
				`${chart} is another one than was fetched before: sha256:${digest} instead of sha256:${pinned}. A published version does not change; if this one was meant to, remove ${this.#pin}`,
			);
		await writeWhole(this.#pin, `${digest}\n`);
		await writeWhole(this.#path, content);
		return this.#path;
	}

	async #read(): Promise<string | undefined> {
		return (await ifThere(readFile(this.#pin, "utf8")))?.trim();
	}
}

async function ifThere<T>(read: Promise<T>): Promise<T | undefined> {
	try {
		return await read;
	} catch (error) {
		if (isMissingFile(error)) return undefined;
		throw error;
	}
}

function digestOf(content: Buffer): string {
	return createHash("sha256").update(content).digest("hex");
}
