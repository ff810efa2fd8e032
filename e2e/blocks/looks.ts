import { type ExposedSample, sumOf } from "../clients/exposition.ts";

/** How often a sidecar has looked for blocks to upload. It counts a look when it is over. */
export interface Looks {
	readonly good: number;
	/** It could not even ask what the bucket has, or an upload failed. */
	readonly failed: number;
}

/** The sidecar looks every 30 s, and one look may fail: it was at a bad time. */
const enough = 3;

/** Counts the looks since the first call. */
export function makeLookCounter(
	sidecar: () => Promise<readonly ExposedSample[]>,
): () => Promise<Looks> {
	let before: Looks | undefined;
	return async () => {
		const now = readLooks(await sidecar());
		before ??= now;
		return {
			good: now.good - before.good,
			failed: now.failed - before.failed,
		};
	};
}

function readLooks(metrics: readonly ExposedSample[]): Looks {
	return {
		good: sumOf(metrics, "thanos_shipper_dir_syncs_total"),
		failed: sumOf(metrics, "thanos_shipper_dir_sync_failures_total"),
	};
}

/** Why nothing will be uploaded, as a clause; undefined if that cannot be said. */
export function whyNoUpload({ good, failed }: Looks): string | undefined {
	return good === 0 && failed >= enough
		? `the sidecar has looked for blocks ${failed} times, and failed each time`
		: undefined;
}
