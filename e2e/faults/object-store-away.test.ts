import { describe, expect } from "vitest";
import { witnessUploads } from "../blocks/upload-witnesses.ts";
import {
	operationFailures,
	waitForLedgerBlock,
	waitForUpload,
} from "../blocks/uploads.ts";
import { sumOf } from "../clients/exposition.ts";
import { budgets } from "../common/budgets.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { eventually, notYet } from "../common/eventually.ts";
import {
	findPrometheusPod,
	findPrometheusProcess,
	readLocalBlocks,
} from "../harness/cluster/prometheus-pod.ts";
import { findFlaws } from "../ledger/checker.ts";
import { readFromBlock, readFromPrometheus } from "../ledger/readers.ts";
import { waitForNumbers } from "../ledger/wait-for-numbers.ts";
import { test as base } from "./fixtures.ts";
import {
	listHalfUploaded,
	makeOutageInMidUpload,
} from "./means/half-upload.ts";
import { makeRefusedConnections } from "./means/object-store.ts";

const test = base.extend("outages", ({ environment, bucket, subject }) => ({
	refused: makeRefusedConnections(environment),
	inMidUpload: makeOutageInMidUpload(
		environment,
		bucket,
		subject.ledger.history.startedAt,
	),
}));

describe("a block that cannot be uploaded is uploaded completely once the object store is back", () => {
	test.for([
		{ title: "it refuses connections", which: "refused" },
		{ title: "it goes away in the middle of an upload", which: "inMidUpload" },
	] as const)(
		"$title",
		async ({ which }, {
			subject,
			outages,
			kube,
			nodes,
			prometheus,
			bucket,
			tools,
			annotate,
		}) => {
			const { namespace, ledger } = subject;
			const { history } = ledger;
			const pod = await findPrometheusPod(kube, namespace);
			const witnesses = witnessUploads(kube, () => pod);
			const { sidecar } = witnesses;
			const local = await findPrometheusProcess(
				kube,
				nodes,
				prometheus,
				namespace,
			);
			if (which === "inMidUpload")
				// The sidecar uploads blocks in the order of their times, because it stops at the first that fails: every block after
				// one with numbers of the ledger has numbers, too.
				await waitForLedgerBlock(bucket, history, {
					prometheus,
					...witnesses,
				});
			else await waitForNumbers(history, 0, budgets.podRestart);
			const fault = outages[which];
			await using outage = await fault.begin();
			const halfUploaded =
				"halfUploaded" in outage ? outage.halfUploaded : undefined;
			const began = clusterNow();
			const before = sumOf(await sidecar(), operationFailures);
			const block = await eventually(
				halfUploaded
					? "the sidecar fails to upload the block that is half uploaded"
					: "the sidecar fails to upload a block that Prometheus has cut meanwhile",
				budgets.blockUpload,
				async () => {
					const count = sumOf(await sidecar(), operationFailures) - before;
					const cut = (await readLocalBlocks(nodes, local)).find((each) =>
						halfUploaded ? each.ulid === halfUploaded : each.maxTime > began,
					);
					return count > 0 && cut
						? cut
						: notYet(
								`${cut ? "the block is" : "no such block is"} on Prometheus' disk; ${operationFailures} grew by ${count}`,
							);
				},
			);
			expect(await bucket.has(block.ulid), "already in the bucket").toBe(false);

			await outage.end();
			const endedAt = clusterNow();
			const { thanos, ...uploaded } = await waitForUpload(
				bucket,
				block.ulid,
				witnesses,
			);
			const seconds = ((clusterNow() - endedAt) / 1000).toFixed(0);
			expect(uploaded).toEqual(block);
			expect(thanos?.source).toBe("sidecar");
			const reading = await readFromBlock({ bucket, tools }, block, ledger);
			expect(reading.series).toHaveLength(1);
			expect(findFlaws(reading)).toEqual([]);
			// No block that was cut since the ledger began is still half uploaded. A newer one than this may be under way.
			expect(await bucket.blocks(history.startedAt)).toContain(block.ulid);
			const half = await listHalfUploaded(bucket, history.startedAt);
			expect(half.filter((each) => each <= block.ulid)).toEqual([]);
			expect(findFlaws(await readFromPrometheus(prometheus, ledger))).toEqual(
				[],
			);
			await annotate(
				`${fault.name}: nothing lost; completely in the bucket ${seconds} s after the end`,
			);
		},
	);
});
