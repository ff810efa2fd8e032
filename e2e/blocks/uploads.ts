import { type BlockMeta, isOutOfOrder } from "../clients/block-meta.ts";
import type { BucketClient } from "../clients/bucket.ts";
import { type ExposedSample, sumOf } from "../clients/exposition.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { budgets } from "../common/budgets.ts";
import {
	eventually,
	HopelessError,
	type NotYet,
	notYet,
} from "../common/eventually.ts";
import { formatMoment } from "../common/time-range.ts";
import { type History, isAcknowledged } from "../ledger/history.ts";
import { enoughNumbers } from "../ledger/wait-for-numbers.ts";
import { type Looks, makeLookCounter, whyNoUpload } from "./looks.ts";
import type { UploadWitnesses } from "./upload-witnesses.ts";

/** The same for what Prometheus has to cut before. */
interface CutWitnesses extends UploadWitnesses {
	readonly prometheus: PrometheusClient;
	/** The blocks on its disk, where other replicas upload blocks of the same time. */
	readonly readLocal?: () => Promise<readonly BlockMeta[]>;
}

/** Waits until a block that holds enough of a ledger's numbers is in the bucket. */
export async function waitForLedgerBlock(
	bucket: BucketClient,
	history: History,
	witnesses: CutWitnesses,
): Promise<BlockMeta> {
	const seen = new Map<string, BlockMeta>();
	const countLooks = makeLookCounter(witnesses.sidecar);
	return eventually(
		"a block with samples of the ledger is in the bucket",
		budgets.blockUpload,
		async () => {
			// A block that was made before the ledger has no number of it.
			for (const block of await bucket.blocks(history.startedAt))
				if (!seen.has(block)) seen.set(block, await bucket.meta(block));
			const local = await witnesses.readLocal?.();
			const found = [...seen.values()].find(
				(meta) =>
					!isOutOfOrder(meta) &&
					history.within(meta).filter(isAcknowledged).length >= enoughNumbers &&
					(!local || local.some(({ ulid }) => ulid === meta.ulid)),
			);
			if (found) return found;
			history.refuseIfHopeless();
			return explainDelay(bucket, history, witnesses, countLooks);
		},
	);
}

/** Waits until a block is completely in the bucket. */
export async function waitForUpload(
	bucket: BucketClient,
	block: string,
	witnesses: UploadWitnesses,
): Promise<BlockMeta> {
	const countLooks = makeLookCounter(witnesses.sidecar);
	return eventually(
		`block ${block} is in the bucket`,
		budgets.blockUpload,
		async () =>
			(await bucket.has(block))
				? bucket.meta(block)
				: judgeDelay(bucket, witnesses, countLooks),
	);
}

/**
 * What delays an upload.
 *
 * @param countLooks counts those since the block is to be uploaded
 * @throws HopelessError if it will not be
 */
export async function judgeDelay(
	bucket: BucketClient,
	witnesses: UploadWitnesses,
	countLooks: () => Promise<Looks>,
	so = "",
): Promise<NotYet> {
	const why = whyNoUpload(await countLooks());
	const seen = `${so}${await describeUploads(bucket, witnesses)}`;
	if (why) throw new HopelessError(`${why}: ${seen}`);
	return notYet(seen);
}

/**
 * How often uploads have failed so far, by the counters of the sidecar that count it.
 *
 * @throws Error when the sidecar has no such counter: then it would count no failure either
 */
export function countFailedUploads(
	metrics: readonly ExposedSample[],
): Record<string, number> {
	const failedOperations = metrics.filter(
		({ name, labels }) =>
			name === operationFailures && labels.operation === "upload",
	);
	if (!metrics.some(({ name }) => name === shipperFailures))
		throw new Error(`the sidecar has no counter ${shipperFailures}`);
	if (failedOperations.length === 0)
		throw new Error(
			`the sidecar has no counter ${operationFailures} of uploads`,
		);
	return {
		[shipperFailures]: sumOf(metrics, shipperFailures),
		[operationFailures]: sumOf(failedOperations, operationFailures),
	};
}

const shipperFailures = "thanos_shipper_upload_failures_total";
/** Of any kind: before a block is uploaded, the sidecar asks whether it is there already. */
export const operationFailures =
	"thanos_objstore_bucket_operation_failures_total";

async function explainDelay(
	bucket: BucketClient,
	{ acknowledged, lastFailure }: History,
	{ prometheus, ...witnesses }: CutWitnesses,
	countLooks: () => Promise<Looks>,
): Promise<NotYet> {
	const [first] = acknowledged;
	if (!first)
		return notYet(
			`Prometheus has taken no sample: ${lastFailure ?? "none was sent yet"}`,
		);
	const { headStats } = await prometheus.tsdbStatus();
	const head = formatMoment(headStats.minTime);
	return headStats.minTime <= first.timestamp
		? notYet(`Prometheus has cut none: its head reaches back to ${head}`)
		: judgeDelay(
				bucket,
				witnesses,
				countLooks,
				`Prometheus has cut it, because its head begins at ${head}; `,
			);
}

/** What the sidecar says of its uploads. */
export async function describeUploads(
	bucket: BucketClient,
	{ since, sidecar, lastError, objectStore }: UploadWitnesses,
): Promise<string> {
	const metrics = await sidecar();
	const error = await lastError();
	const place = await objectStore();
	const [stray] = await bucket.strays(since);
	const uploads = sumOf(metrics, "thanos_shipper_uploads_total");
	const failures = Object.entries(countFailedUploads(metrics));
	return [
		`the sidecar counts ${uploads} uploads; ${failures.map(([name, count]) => `${name} ${count}`).join(", ")}`,
		...(place ? [`it is to upload to ${place}`] : []),
		error ? `its last error: ${error}` : "it has logged no error",
		...(stray ? [`the bucket has ${stray} outside of any block`] : []),
	].join("; ");
}
