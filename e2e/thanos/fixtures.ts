import { test as base, begin } from "../blocks/fixtures.ts";
import { describeUploads, waitForLedgerBlock } from "../blocks/uploads.ts";
import { ThanosClient } from "../clients/thanos.ts";
import { budgets } from "../harness/budgets.ts";
import { eventually } from "../harness/eventually.ts";
import type { LedgerEntry, StoredSample } from "../harness/ledger.ts";
import { readLocalBlocks } from "../harness/prometheus-pod.ts";
import { type PlantedBlock, plantBlock } from "../retention/planted-block.ts";
import { readRetention } from "../retention/retention.ts";

/**
 * A block is dropped when one is cut that is younger by the retention, and by then the sidecar, which looks each 30 s,
 * must have taken it: so long does the block outlive its planting at least, in milliseconds. One that was dropped too
 * early, because the machine is slow, is followed by one that lives longer.
 */
const lifetimes = [50_000, 200_000] as const;

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
				for (const lifetime of lifetimes) {
					const maxTime = Date.now() - time + lifetime;
					const planted = await plantBlock(tools, nodes, local, {
						...ledger.series,
						maxTime,
						forUpload: true,
					});
					const { ulid, selector } = planted;
					let answered: readonly StoredSample[] = [];
					const { uploaded } = await eventually(
						`block ${ulid} is answered by Prometheus and in the bucket`,
						budgets.blockUpload,
						async () => {
							const blocks = await readLocalBlocks(nodes, local);
							const isThere = blocks.some((each) => each.ulid === ulid);
							if (answered.length === 0) {
								const [series] = await prometheus.rawSamples(
									selector,
									"10m",
									maxTime,
								);
								answered = series?.values ?? [];
							}
							return { isThere, uploaded: await bucket.has(ulid) };
						},
						({ isThere, uploaded }) =>
							(uploaded && answered.length > 0) ||
							!isThere ||
							`Prometheus answers ${answered.length} samples of it, and it is ${uploaded ? "" : "not "}in the bucket`,
					);
					if (uploaded && answered.length > 0) return { ...planted, answered };
					// Its samples would be found beside those of the next one.
					if (uploaded) break;
				}
				throw new Error(
					`Prometheus has dropped each block before the sidecar took it, or before it was asked: ${describeUploads(await sidecar.read())}`,
				);
			};
			return {
				retention: time,
				aged: begin(plantAged()),
				/** A block that Prometheus cut from its head, with numbers of the ledger. */
				cut: begin(waitForLedgerBlock(bucket, ledger.ledger, witnesses)),
			};
		},
	);

/** Samples of a planted block as entries of a ledger: Prometheus has taken them with the block. */
export function asEntries({ samples }: PlantedBlock): LedgerEntry[] {
	return samples.map(({ timestamp, value }) => ({
		sequence: value,
		timestamp,
		acknowledgedAt: timestamp,
	}));
}
