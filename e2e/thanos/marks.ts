import { z } from "zod";
import type { BucketClient } from "../clients/bucket.ts";
import { parseJsonAs } from "../common/parsing/parse-as.ts";

const seconds = z.number().optional();
/** deletion-mark.json, no-compact-mark.json or no-downsample-mark.json. */
const mark = z.looseObject({
	deletion_time: seconds,
	no_compact_time: seconds,
	no_downsample_time: seconds,
	/** Why, in the compactor's words. */
	details: z.string().default(""),
});

/** A block that the compactor will delete, or that it leaves out. */
interface Mark {
	readonly block: string;
	readonly kind: string;
	/** Milliseconds. */
	readonly at: number;
	readonly details: string;
}

/** Reads the marks that the compactor has put on blocks. */
export async function readMarks(
	bucket: Pick<BucketClient, "list" | "get">,
): Promise<Mark[]> {
	const found = (await bucket.list()).filter(({ name }) =>
		name.endsWith("-mark.json"),
	);
	return Promise.all(
		found.map(async ({ name }) => {
			const [block = "", kind = ""] = name.split("/");
			const text = String(await bucket.get(name));
			const { details, ...times } = parseJsonAs(mark, text, name);
			const { deletion_time, no_compact_time, no_downsample_time } = times;
			const at = deletion_time ?? no_compact_time ?? no_downsample_time ?? 0;
			return { block, kind, at: at * 1000, details };
		}),
	);
}

/** The blocks of a bucket that the compactor had not marked before a moment in milliseconds. */
export async function listUnmarked(
	bucket: Pick<BucketClient, "list" | "get" | "blocks">,
	since: number,
): Promise<string[]> {
	const marked = (await readMarks(bucket)).filter(({ at }) => at < since);
	return (await bucket.blocks()).filter((each) =>
		marked.every(({ block }) => block !== each),
	);
}
