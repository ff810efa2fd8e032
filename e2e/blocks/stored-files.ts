import type { BlockMeta } from "../clients/block-meta.ts";
import type { StoredObject } from "../clients/bucket.ts";

/** The objects that a block should have according to its meta.json: name and size. */
export function expectedObjects({ ulid, thanos }: BlockMeta) {
	return thanos?.files
		.filter(({ rel_path }) => rel_path !== "meta.json")
		.map(({ rel_path, size_bytes }) => ({
			name: `${ulid}/${rel_path}`,
			size: size_bytes,
		}));
}

/** Without the file that the sidecar writes anew. */
export function withoutMeta(objects: readonly StoredObject[]) {
	return objects.filter(({ name }) => !name.endsWith("/meta.json"));
}
