import { buffer } from "node:stream/consumers";
import { Client, S3Error } from "minio";
import { z } from "zod";
import { signByClusterClock } from "../common/clock/sign-by-cluster-clock.ts";
import type { ObjectStoreAccess } from "../common/environment.ts";
import { messageOf } from "../common/errors.ts";
import { parseAs, parseJsonAs } from "../common/parsing/parse-as.ts";
import { type BlockMeta, blockMeta } from "./block-meta.ts";
import { ulid, ulidPrefixOf } from "./ulid.ts";

export interface StoredObject {
	readonly name: string;
	/** Bytes. */
	readonly size: number;
}

/** XML has one element or several, and an empty one is an empty text. */
const oneOrMore = <T extends z.ZodType>(item: T) =>
	z.preprocess(
		(found) =>
			found === undefined || found === ""
				? []
				: Array.isArray(found)
					? found
					: [found],
		z.array(item),
	);
const filterOf = z.looseObject({
	Prefix: z.string().default(""),
	Tag: z.unknown().optional(),
});
const emptyAsNothing = (found: unknown) => (found === "" ? undefined : found);

const rule = z.looseObject({
	ID: z.coerce.string().default(""),
	Status: z.string().default("Enabled"),
	/** The older place of a filter's prefix. */
	Prefix: z.string().optional(),
	Filter: z.preprocess(
		emptyAsNothing,
		filterOf.extend({ And: filterOf.optional() }).optional(),
	),
	Expiration: z.preprocess(
		emptyAsNothing,
		z
			.looseObject({
				Days: z.coerce.number().optional(),
				Date: z.coerce.string().optional(),
			})
			.optional(),
	),
});
/** A rule of a bucket's lifecycle, in S3's words. */
export type LifecycleRule = z.infer<typeof rule>;

/** As an S3 server answers. */
export const lifecycle = z.looseObject({ Rule: oneOrMore(rule) });

/** S3's code of the error that a bucket has no lifecycle. */
const noLifecycle = "NoSuchLifecycleConfiguration";

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
		// Without a region, the client asks for it, and only the owner of all buckets may.
		const signer = { accessKey, secretKey, region: "us-east-1" };
		this.#client = new Client({
			endPoint: host,
			port,
			useSSL: false,
			...signer,
			transport: signByClusterClock(signer),
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

	/** The names of objects that belong to no block and were written since a moment in milliseconds. */
	async strays(since: number): Promise<string[]> {
		const found: string[] = [];
		await this.#call("list what is in no block", async () => {
			const listing = this.#client.listObjectsV2(this.#bucket, "", true);
			for await (const { name = "", lastModified } of listing)
				if (
					!ulid.test(name.split("/")[0] ?? "") &&
					// An object store tells full seconds.
					(lastModified?.getTime() ?? since) >= since - 1000
				)
					found.push(name);
		});
		return found;
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

	/** What the object store does with the bucket's objects by itself. */
	async lifecycle(): Promise<LifecycleRule[]> {
		return this.#call("get its lifecycle", async () => {
			try {
				const found = await this.#client.getBucketLifecycle(this.#bucket);
				return parseAs(lifecycle, found, "the bucket's lifecycle").Rule;
			} catch (error) {
				if (error instanceof S3Error && error.code === noLifecycle) return [];
				throw error;
			}
		});
	}

	/** @param rules none to remove what is there */
	async setLifecycle(
		rules: readonly { prefix: string; days: number }[],
	): Promise<void> {
		const Rule = rules.map(({ prefix, days }, i) => ({
			ID: `rule-${i}`,
			Status: "Enabled",
			Filter: { Prefix: prefix },
			Expiration: { Days: days },
		}));
		await this.#call("set its lifecycle", () =>
			this.#client.setBucketLifecycle(
				this.#bucket,
				Rule.length > 0 ? { Rule } : null,
			),
		);
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
