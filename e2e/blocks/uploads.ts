import type { BlockMeta } from "../clients/block-meta.ts";
import type { BucketClient } from "../clients/bucket.ts";
import { type ExposedSample, sumOf } from "../clients/exposition.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";
import type { Ledger } from "../ledger/history.ts";

/** Two seconds of writing: a block that holds fewer numbers proves little. */
const enoughNumbers = 20;

/** What may hold an upload up, for the message of a wait that ends in vain. */
interface Witnesses {
	readonly prometheus: PrometheusClient;
	readonly sidecar: () => Promise<ExposedSample[]>;
}

/** Waits until a block that holds enough of a ledger's numbers is in the bucket. */
export async function waitForLedgerBlock(
	bucket: BucketClient,
	ledger: Ledger,
	witnesses: Witnesses,
): Promise<BlockMeta> {
	const seen = new Map<string, BlockMeta>();
	const { block } = await eventually(
		"a block with samples of the ledger is in the bucket",
		budgets.blockUpload,
		async () => {
			// None that was made before the ledger holds a number of it.
			for (const block of await bucket.blocks(ledger.startedAt))
				if (!seen.has(block)) seen.set(block, await bucket.meta(block));
			const block = [...seen.values()].find(
				(meta) => countNumbers(ledger, meta) >= enoughNumbers,
			);
			return { block, why: block ? "" : await explain(ledger, witnesses) };
		},
		({ block, why }) => block !== undefined || why,
	);
	if (!block) throw new Error("a wait ended without what it waited for");
	return block;
}

/** Waits until a block is in the bucket, whole. */
export async function waitForUpload(
	bucket: BucketClient,
	block: string,
	witnesses: Pick<Witnesses, "sidecar">,
): Promise<BlockMeta> {
	await eventually(
		`block ${block} is in the bucket`,
		budgets.blockUpload,
		async () => {
			return (await bucket.has(block))
				? ""
				: describeUploads(await witnesses.sidecar());
		},
		(why) => why === "" || why,
	);
	return bucket.meta(block);
}

/**
 * How often uploads have failed so far, by the counters of the sidecar that count it.
 *
 * @throws Error when the sidecar has no such counter: then it would count no failure either
 */
export function countFailures(
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
const operationFailures = "thanos_objstore_bucket_operation_failures_total";

function countNumbers(ledger: Ledger, range: BlockMeta): number {
	return ledger
		.within(range)
		.filter(({ acknowledgedAt }) => acknowledgedAt !== undefined).length;
}

async function explain(
	ledger: Ledger,
	{ prometheus, sidecar }: Witnesses,
): Promise<string> {
	const [first] = ledger.acknowledged;
	if (!first)
		return `Prometheus has taken no sample: ${ledger.entries.at(-1)?.refusal ?? "none was sent yet"}`;
	const { headStats } = await prometheus.tsdbStatus();
	const head = new Date(headStats.minTime).toISOString();
	return headStats.minTime <= first.timestamp
		? `Prometheus has cut none: its head reaches back to ${head}`
		: `Prometheus has cut it, for its head begins at ${head}; ${describeUploads(await sidecar())}`;
}

function describeUploads(metrics: readonly ExposedSample[]): string {
	const uploads = sumOf(metrics, "thanos_shipper_uploads_total");
	const failures = Object.entries(countFailures(metrics));
	return `the sidecar counts ${uploads} uploads; ${failures.map(([name, count]) => `${name} ${count}`).join(", ")}`;
}
