import type { Nodes } from "../harness/cluster/nodes.ts";
import type { NodeFolder } from "../harness/cluster/prometheus-pod.ts";

/** The sums of each block's files, by the block's ULID and the file's path in it. */
export type BlockFiles = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Reads the blocks of a data folder from its volume, those that are not complete too. */
export async function readBlockFiles(
	nodes: Nodes,
	{ node, folder }: NodeFolder,
): Promise<BlockFiles> {
	// A ULID has 26 characters; a block that is being written or deleted has a longer name. One may be deleted meanwhile.
	const text = await nodes.script(
		node,
		`cd "$1" && find . -path "./${"?".repeat(26)}/*" -type f -exec sha256sum {} + 2>/dev/null; true`,
		folder,
	);
	return parseSums(text);
}

/** @param text of sha256sum: a sum and a path, a line each */
export function parseSums(text: string): BlockFiles {
	const blocks = new Map<string, Map<string, string>>();
	for (const [, sum = "", block = "", file = ""] of text.matchAll(
		/^(\w+) +\.\/([0-9A-Z]{26})\/(.+)$/gm,
	)) {
		const files = blocks.get(block) ?? new Map<string, string>();
		blocks.set(block, files.set(file, sum));
	}
	return blocks;
}

/**
 * A sentence for each block that is not as it was, or not complete; one if there was none before.
 *
 * @param dropped whether Prometheus has dropped blocks meanwhile, because of their age or size
 */
export function findDamagedBlocks(
	before: BlockFiles,
	after: BlockFiles,
	{ dropped = false } = {},
): string[] {
	if (before.size === 0)
		return ["no block was there before: there is nothing to compare"];
	const changed = [...before].flatMap(([block, files]) => {
		const now = after.get(block);
		if (!now) return dropped ? [] : [`block ${block} is gone`];
		return [...files].flatMap(([file, sum]) => {
			const found = now.get(file);
			if (found === sum) return [];
			return [
				`${file} of block ${block} ${found ? "has another content" : "is gone"}`,
			];
		});
	});
	const incomplete = [...after].flatMap(([block, files]) =>
		before.has(block) || (files.has("meta.json") && files.has("index"))
			? []
			: [`block ${block} is not complete: it has only ${[...files.keys()]}`],
	);
	return [...changed, ...incomplete];
}
