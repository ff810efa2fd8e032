import { describe, expect } from "vitest";
import { readBack } from "../blocks/read-back.ts";
import { waitForLedgerBlock, waitForUpload } from "../blocks/uploads.ts";
import { sumOf } from "../clients/exposition.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";
import { tidyUp } from "../common/tidy-up.ts";
import {
	findPrometheusPod,
	findPrometheusProcess,
	readLocalBlocks,
	readSidecarMetrics,
} from "../harness/cluster/prometheus-pod.ts";
import { compareToLedger } from "../ledger/history.ts";
import { readLedgerBack, waitForNumbers } from "../wal/crash.ts";
import { test as base } from "./fixtures.ts";
import {
	type BegunOutage,
	listHalfUploaded,
	makeAwayInMidUpload,
	makeUnreachable,
	type Outage,
} from "./means/object-store.ts";

/** Of any kind: whether a block is there already is asked before it is uploaded. */
const failures = "thanos_objstore_bucket_operation_failures_total";

const test = base.extend("outages", ({ environment, bucket, subject }) => ({
	away: makeUnreachable(environment),
	midUpload: makeAwayInMidUpload(
		environment,
		bucket,
		subject.ledger.ledger.startedAt,
	),
}));

/** Begins an outage that ends with the test, if not before. */
async function beginOutage(
	outage: Outage,
	onTestFinished: (action: () => Promise<void>) => void,
): Promise<BegunOutage> {
	const begun = await outage.begin();
	onTestFinished(tidyUp(`the end of the outage (${outage.name})`, begun.end));
	return begun;
}

describe("a block that cannot be uploaded goes up whole once the object store is back", () => {
	test.for(["away", "midUpload"] as const)("%s", async (which, {
		subject,
		outages,
		kube,
		nodes,
		prometheus,
		bucket,
		tools,
		annotate,
		onTestFinished,
	}) => {
		const { namespace } = subject;
		const { ledger, selector } = subject.ledger;
		const pod = await findPrometheusPod(kube, namespace);
		const sidecar = () => readSidecarMetrics(kube, pod);
		const local = await findPrometheusProcess(
			kube,
			nodes,
			prometheus,
			namespace,
		);
		if (which === "midUpload")
			// Blocks go up in the order of their times, for the sidecar stops at the first that fails: what comes after one of
			// the ledger holds numbers of it, too.
			await waitForLedgerBlock(bucket, ledger, { prometheus, sidecar });
		else await waitForNumbers(ledger, 0, budgets.podRestart);
		const { end, halfUp } = await beginOutage(outages[which], onTestFinished);
		const began = Date.now();
		const before = sumOf(await sidecar(), failures);
		const block = await eventually(
			halfUp
				? "the sidecar fails to upload the block that was half way up"
				: "the sidecar fails to upload a block that Prometheus has cut meanwhile",
			budgets.blockUpload,
			async () => {
				const count = sumOf(await sidecar(), failures) - before;
				const cut = (await readLocalBlocks(nodes, local)).find((each) =>
					halfUp ? each.ulid === halfUp : each.maxTime > began,
				);
				return count > 0 && cut
					? cut
					: `${cut ? "the block is" : "no such block is"} on Prometheus' disk; ${failures} grew by ${count}`;
			},
			(seen) => typeof seen !== "string" || seen,
		);
		if (typeof block === "string") throw new Error(block);
		expect(await bucket.has(block.ulid), "there already").toBe(false);

		await end();
		const endedAt = Date.now();
		const { thanos, ...uploaded } = await waitForUpload(bucket, block.ulid, {
			sidecar,
		});
		const seconds = ((Date.now() - endedAt) / 1000).toFixed(0);
		expect(uploaded).toEqual(block);
		expect(thanos?.source).toBe("sidecar");
		const dumped = await readBack(bucket, tools, block.ulid, selector);
		expect(dumped.size).toBe(1);
		const [samples = []] = dumped.values();
		expect(compareToLedger(ledger.within(block), samples)).toEqual([]);
		// Nothing that was cut since the ledger began is still there half. What is newer than the block may be under way.
		const half = await listHalfUploaded(bucket, ledger.startedAt);
		expect(half.filter((each) => each <= block.ulid)).toEqual([]);
		const { written, stored } = await readLedgerBack(subject);
		expect(compareToLedger(written, stored[0]?.values ?? [])).toEqual([]);
		await annotate(
			`${outages[which].name}: nothing lost; whole in the bucket ${seconds} s after the end`,
		);
	});
});
