import { buffer } from "node:stream/consumers";
import { Client } from "minio";
import type { ObjectStoreAccess } from "../common/environment.ts";
import { messageOf } from "../common/errors.ts";
import { parseJsonAs } from "../common/parsing/parse-as.ts";
import { type BlockMeta, blockMeta } from "./block-meta.ts";
import { ulid, ulidPrefixOf } from "./ulid.ts";

export interface StoredObject {
	readonly name: string;
	/** Bytes. */
	readonly size: number;
}

/** A request to the object store failed. */
export class BucketError extends Error {
	override readonly name = "BucketError";
}

/** The bucket that the sidecar uploads to, with the rights of its owner. */
export class BucketClient {
	readonly #client: Client;
	readonly #bucket: string;

	constructor({ host, port, bucket, accessKey, secretKey }: ObjectStoreAccess) {
		this.#bucket = bucket;
		this.#client = new Client({
			endPoint: host,
			port,
			useSSL: false,
			accessKey,
			secretKey,
			// Without a region, the client asks for it, and only the owner of all buckets may.
			region: "us-east-1",
		});
	}

	/** Lists objects. @param startAfter only those whose names sort after this one */
	async list(prefix = "", startAfter = ""): Promise<StoredObject[]> {
		const objects: StoredObject[] = [];
		await this.#call(`list ${prefix}*`, async () => {
			const listing = this.#client.listObjectsV2(
				this.#bucket,
				prefix,
				true,
				startAfter,
			);
			for await (const { name, size } of listing) objects.push({ name, size });
		});
		return objects;
	}

	async get(name: string): Promise<Buffer> {
		return this.#call(`get ${name}`, async () =>
			buffer(await this.#client.getObject(this.#bucket, name)),
		);
	}

	async put(name: string, content: Buffer): Promise<void> {
		await this.#call(`put ${name}`, () =>
			this.#client.putObject(this.#bucket, name, content),
		);
	}

	/**
	 * The ULIDs of the complete blocks: meta.json is uploaded last.
	 *
	 * @param since milliseconds; blocks that were made before this time are left out
	 */
	async blocks(since = 0): Promise<string[]> {
		const objects = await this.list("", ulidPrefixOf(since));
		return objects.flatMap(({ name }) => {
			const [block = "", file, ...rest] = name.split("/");
			const isMeta = file === "meta.json" && rest.length === 0;
			return isMeta && ulid.test(block) ? [block] : [];
		});
	}

	/** Whether a block exists and is complete. */
	async has(block: string): Promise<boolean> {
		const name = `${block}/meta.json`;
		return (await this.list(name)).some((each) => each.name === name);
	}

	async meta(block: string): Promise<BlockMeta> {
		const text = (await this.get(`${block}/meta.json`)).toString();
		return parseJsonAs(blockMeta, text, `${block}/meta.json in the bucket`);
	}

	/** Downloads the files of a block, by their path in it. */
	async download(block: string): Promise<Record<string, Buffer>> {
		const objects = await this.list(`${block}/`);
		const files = await Promise.all(
			objects.map(
				async ({ name }): Promise<[string, Buffer]> => [
					name.slice(block.length + 1),
					await this.get(name),
				],
			),
		);
		return Object.fromEntries(files);
	}

	async #call<T>(what: string, request: () => Promise<T>): Promise<T> {
		try {
			return await request();
		} catch (cause) {
			throw new BucketError(
				`bucket ${this.#bucket}: ${what}: ${messageOf(cause)}`,
				{ cause },
			);
		}
	}
}
