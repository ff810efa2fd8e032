import { makeLookCounter } from "../blocks/looks.ts";
import type { UploadWitnesses } from "../blocks/upload-witnesses.ts";
import { judgeDelay } from "../blocks/uploads.ts";
import type { BlockMeta } from "../clients/block-meta.ts";
import type { BucketClient } from "../clients/bucket.ts";
import { budgets } from "../common/budgets.ts";
import { EnvironmentError } from "../common/errors.ts";
import { eventually, HopelessError } from "../common/eventually.ts";

/**
 * Waits until a block that Prometheus will drop soon is in the bucket. If it was dropped first, that is the sidecar's
 * fault only if it has looked twice while the block was there: the first of the two may have begun before.
 *
 * @param readLocal the blocks on Prometheus' disk
 * @throws EnvironmentError if Prometheus dropped it before the sidecar had its chance
 */
export async function waitForUploadInTime(
	bucket: BucketClient,
	block: string,
	witnesses: UploadWitnesses,
	readLocal: () => Promise<readonly BlockMeta[]>,
): Promise<void> {
	const countLooks = makeLookCounter(witnesses.sidecar);
	await countLooks();
	let looks = 0;
	const wasInTime = await eventually(
		`block ${block} is in the bucket`,
		budgets.blockUpload,
		async () => {
			const counted = await countLooks();
			const isThere = (await readLocal()).some(({ ulid }) => ulid === block);
			if (isThere) looks = counted.good + counted.failed;
			if (await bucket.has(block)) return true;
			const delay = await judgeDelay(bucket, witnesses, async () => counted);
			if (isThere) return delay;
			if (looks < 2) return false;
			throw new HopelessError(
				`Prometheus has dropped it, and the sidecar looked ${looks} times before: ${delay.reason}`,
			);
		},
	);
	if (!wasInTime)
		throw new EnvironmentError(
			`Prometheus dropped block ${block} before the sidecar had looked twice: this machine is too slow`,
		);
}
