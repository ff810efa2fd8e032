import { cutLengthOf } from "../blocks/cut.ts";
import { test as base } from "../blocks/fixtures.ts";
import { waitForLedgerBlock } from "../blocks/uploads.ts";
import { ThanosClient } from "../clients/thanos.ts";
import { inBackground } from "../common/background.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";
import type { AcknowledgedEntry, StoredSample } from "../ledger/history.ts";
import {
	ageBeforeDrop,
	type DueBlock,
	isOlderBy,
} from "../retention/dropped-block.ts";
import { type PlantedBlock, plantBlock } from "../retention/planted-block.ts";
import { readRetention } from "../retention/retention.ts";
import { readArguments } from "./arguments.ts";
import { readGateways } from "./gateways.ts";
import { aroundAge, uploadOldBlock } from "./old-block.ts";
import { waitForUploadInTime } from "./upload-in-time.ts";

/** A block that the sidecar has uploaded and that Prometheus is about to drop. */
export interface AgedBlock extends PlantedBlock, DueBlock {
	/** What Prometheus itself answered from it while it had it. */
	readonly answered: readonly StoredSample[];
}

/** The claim's `test` with a ledger whose numbers are in a block past the retention, in uploaded blocks, and in the head. */
export const test = base
	.extend("thanos", { scope: "file" }, ({ kube, environment }) =>
		ThanosClient.inNamespace(kube, environment.namespace),
	)
	/** The arguments of Thanos' query, and what its store gateways and its compactor are told. */
	.extend("told", { scope: "file" }, ({ kube, environment }) => {
		const { namespace } = environment;
		return {
			query: () => readArguments(kube, namespace, "thanos-query"),
			store: () => readGateways(kube, namespace, "thanos-store"),
			compactor: () => readArguments(kube, namespace, "thanos-compact"),
		};
	})
	.extend(
		"blocks",
		{ scope: "file" },
		async ({
			ledger,
			witnesses,
			local,
			bucket,
			nodes,
			tools,
			prometheus,
			environment,
		}) => {
			const { time } = await readRetention(prometheus);
			if (!time) throw new Error("Prometheus has no retention by time");
			const blockLength = cutLengthOf(await prometheus.flags());
			const plantAged = async (): Promise<AgedBlock> => {
				const before = await prometheus.metrics();
				const planted = await plantBlock(tools, nodes, local, {
					...ledger.series,
					age: ageBeforeDrop(time, budgets.uploadBeforeDrop, blockLength),
					forUpload: true,
				});
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
							return series && series.values.length > 0
								? series.values
								: notYet("it has no sample of it");
						},
					),
					waitForUploadInTime(
						bucket,
						planted.ulid,
						witnesses,
						witnesses.readLocal,
					),
				]);
				return {
					...planted,
					answered,
					before,
					isDue: isOlderBy(time, planted),
				};
			};
			return {
				aged: inBackground(plantAged),
				/** A block a year old, with some numbers in the ledger's series and many other series. */
				old: inBackground(() =>
					uploadOldBlock(
						bucket,
						tools,
						ledger.series,
						environment.firstExternalLabels,
						aroundAge(time),
					),
				),
				/** A block that Prometheus cut from its head, with numbers of the ledger. */
				cut: inBackground(() =>
					waitForLedgerBlock(bucket, ledger.history, witnesses),
				),
			};
		},
	);

/** Samples of a planted block as entries of a ledger: Prometheus took them with the block. */
export function asEntries({ samples }: PlantedBlock): AcknowledgedEntry[] {
	return samples.map(({ timestamp, value }) => ({
		sequence: value,
		timestamp,
		outcome: { result: "acknowledged", at: timestamp },
	}));
}
