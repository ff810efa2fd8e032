import type { BlockMeta } from "../clients/block-meta.ts";
import { inBackground } from "../common/background.ts";
import { makeSelector } from "../common/promql/expressions.ts";
import type { TimeRange } from "../common/time-range.ts";
import {
	findPrometheusPod,
	findPrometheusProcess,
	findPrometheusProcesses,
	readLocalBlocks,
} from "../harness/cluster/prometheus-pod.ts";
import type { StoredSample } from "../ledger/history.ts";
import { startLedger } from "../ledger/writer.ts";
import { test as base, makeUniqueName } from "../test.ts";
import { argumentsOfSidecar } from "../thanos/sidecar.ts";
import {
	makeBlock,
	makeLongSamples,
	makeOpenMetrics,
	pickRange,
	placeBlock,
} from "./long-block.ts";
import { witnessUploads } from "./upload-witnesses.ts";
import {
	countFailedUploads,
	waitForLedgerBlock,
	waitForUpload,
} from "./uploads.ts";

/** A block of production length that was placed among Prometheus' own. */
export interface LongBlock {
	readonly range: TimeRange;
	readonly selector: string;
	readonly samples: readonly StoredSample[];
	/** As it is in the bucket. */
	readonly meta: BlockMeta;
}

/** The claims' `test` with a ledger, and with blocks that are uploaded while other tests run. */
export const test = base
	.extend("sidecar", { scope: "file" }, async ({ kube, environment }) => {
		const pod = await findPrometheusPod(kube, environment.namespace);
		const witnesses = witnessUploads(kube, () => pod);
		return {
			/** Its command line. */
			args: argumentsOfSidecar(pod),
			read: witnesses.sidecar,
			witnesses,
			failuresBefore: countFailedUploads(await witnesses.sidecar()),
		};
	})
	.extend(
		"local",
		{ scope: "file" },
		({ kube, nodes, prometheus, environment }) =>
			findPrometheusProcess(kube, nodes, prometheus, environment.namespace),
	)
	/** Each replica: all of them upload to one bucket. */
	.extend(
		"replicas",
		{ scope: "file" },
		({ kube, nodes, prometheus, environment }) =>
			findPrometheusProcesses(kube, nodes, prometheus, environment.namespace),
	)
	.extend("metricsBefore", { scope: "file" }, ({ prometheus }) =>
		prometheus.metrics(),
	)
	.extend(
		"ledger",
		{ scope: "file" },
		({ prometheus, environment, metricsBefore: _ }, { onCleanup }) => {
			const started = startLedger(prometheus, {
				name: "o11y_e2e_ledger",
				labels: { run: makeUniqueName(environment) },
			});
			onCleanup(() => started.stop());
			return started;
		},
	)
	/** What says why an upload is late. */
	.extend(
		"witnesses",
		{ scope: "file" },
		({ prometheus, sidecar, nodes, local }) => ({
			prometheus,
			...sidecar.witnesses,
			readLocal: () => readLocalBlocks(nodes, local),
		}),
	)
	.extend(
		"uploads",
		{ scope: "file" },
		({ ledger, witnesses, local, bucket, nodes, tools, environment }) => {
			const placeLongBlock = async (): Promise<LongBlock> => {
				// A compactor stops at two blocks of a bucket that overlap.
				const uploaded = await bucket.blocks();
				const taken = [
					...(await readLocalBlocks(nodes, local)),
					...(await Promise.all(uploaded.map((each) => bucket.meta(each)))),
				];
				const range = pickRange(taken);
				const samples = makeLongSamples(range);
				const metric = "o11y_e2e_long_block";
				const selector = makeSelector(metric, {
					run: makeUniqueName(environment),
				});
				const { block, files } = await makeBlock(
					tools,
					makeOpenMetrics(metric, selector, samples),
				);
				await placeBlock(nodes, local, block, files);
				const meta = await waitForUpload(bucket, block, witnesses);
				return { range, selector, samples, meta };
			};
			return {
				/** A block that Prometheus cut from its head, with samples of the ledger. */
				cut: inBackground(() =>
					waitForLedgerBlock(bucket, ledger.history, witnesses),
				),
				long: inBackground(placeLongBlock),
			};
		},
	);
