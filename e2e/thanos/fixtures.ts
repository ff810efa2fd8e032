import { test as base, begin } from "../blocks/fixtures.ts";
import { waitForLedgerBlock, waitForUpload } from "../blocks/uploads.ts";
import { ThanosClient } from "../clients/thanos.ts";
import { budgets } from "../harness/budgets.ts";
import { GroundError } from "../harness/errors.ts";
import { eventually } from "../harness/eventually.ts";
import type { LedgerEntry, StoredSample } from "../harness/ledger.ts";
import {
	type PlantedBlock,
	plantBlock,
	removeBlock,
} from "../retention/planted-block.ts";
import { readRetention } from "../retention/retention.ts";

/**
 * A block is dropped when one is cut that is younger by the retention, and by then the sidecar, which looks each 30 s,
 * must have taken it: so long does the block outlive its planting at least.
 */
const timeToUpload = 50_000;
/** Milliseconds of it that making and placing a block may take. */
const mostForPlanting = 15_000;

/** A block that the sidecar has uploaded and that Prometheus is to drop. */
export interface AgedBlock extends PlantedBlock {
	/** What Prometheus itself answered of it while it had it. */
	readonly answered: readonly StoredSample[];
}

/** The claim's `test` with a ledger whose numbers are in a block past the retention, in uploaded ones, and in the head. */
export const test = base
	.extend("thanos", { scope: "file" }, ({ kube, environment }) =>
		ThanosClient.inNamespace(kube, environment.namespace),
	)
	.extend(
		"blocks",
		{ scope: "file" },
		async ({ ledger, sidecar, local, bucket, nodes, tools, prometheus }) => {
			const witnesses = { prometheus, sidecar: sidecar.read };
			const { time } = await readRetention(prometheus);
			if (!time) throw new Error("Prometheus keeps blocks for ever");
			const plantAged = async (): Promise<AgedBlock> => {
				const planted = await plantInTime(
					() =>
						plantBlock(tools, nodes, local, {
							...ledger.series,
							maxTime: Date.now() - time + timeToUpload,
							forUpload: true,
						}),
					(late) => removeBlock(nodes, local, late),
				);
				const [answered] = await Promise.all([
					eventually(
						`Prometheus answers from block ${planted.ulid}`,
						budgets.retention,
						async () => {
							const [series] = await prometheus.rawSamples(
								planted.selector,
								"10m",
								planted.maxTime,
							);
							return series?.values ?? [];
						},
						({ length }) => length > 0 || "it has no sample of it",
					),
					waitForUpload(bucket, planted.ulid, witnesses),
				]);
				return { ...planted, answered };
			};
			return {
				retention: time,
				aged: begin(plantAged()),
				/** A block that Prometheus cut from its head, with numbers of the ledger. */
				cut: begin(waitForLedgerBlock(bucket, ledger.ledger, witnesses)),
			};
		},
	);

/**
 * Plants a block, and another one where that took so long that Prometheus may drop it before the sidecar has looked.
 *
 * @throws GroundError where the machine is too slow
 */
async function plantInTime(
	plant: () => Promise<PlantedBlock>,
	remove: (late: PlantedBlock) => Promise<void>,
): Promise<PlantedBlock> {
	for (let tries = 0; tries < 3; tries++) {
		const began = Date.now();
		const planted = await plant();
		if (Date.now() - began <= mostForPlanting) return planted;
		await remove(planted);
	}
	throw new GroundError(
		`it takes longer than ${mostForPlanting / 1000} s to make and place a block of a few samples`,
	);
}

/** Samples of a planted block as entries of a ledger: Prometheus has taken them with the block. */
export function asEntries({ samples }: PlantedBlock): LedgerEntry[] {
	return samples.map(({ timestamp, value }) => ({
		sequence: value,
		timestamp,
		acknowledgedAt: timestamp,
	}));
}
