import { describe, expect } from "vitest";
import { witnessUploads } from "../blocks/upload-witnesses.ts";
import { waitForLedgerBlock, waitForUpload } from "../blocks/uploads.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { findPrometheusPod } from "../harness/cluster/prometheus-pod.ts";
import { checkReading, findFlaws } from "../ledger/checker.ts";
import { isAcknowledged } from "../ledger/history.ts";
import { readFromBlock } from "../ledger/readers.ts";
import { test } from "./fixtures.ts";
import { losePower, waitForOldNumbers, watchPower } from "./lose-power.ts";
import {
	listHalfUploaded,
	makeOutageInMidUpload,
} from "./means/half-upload.ts";
import { describeCost } from "./means/power-cost.ts";

describe("a loss of power costs what the kernel had not yet written back, and no block", () => {
	test("the power of Prometheus' node goes", async ({
		subject,
		nodes,
		environment,
		annotate,
	}) => {
		const watched = await watchPower(subject, nodes, environment);
		await waitForOldNumbers(subject, watched);
		const { cost, flaws } = await losePower(
			subject,
			nodes,
			environment,
			watched,
			"at once",
		);
		expect(flaws).toEqual([]);
		await annotate(describeCost(cost, watched.writeBack), "corrected");
	});

	test("it goes while a block is cut and another one is uploaded", async ({
		subject,
		kube,
		nodes,
		prometheus,
		bucket,
		tools,
		environment,
		annotate,
	}) => {
		const { history } = subject.ledger;
		const witnesses = witnessUploads(kube, () =>
			findPrometheusPod(kube, subject.namespace),
		);
		const watched = await watchPower(subject, nodes, environment);
		// The sidecar uploads in the order of time: the block that is half uploaded next has numbers of the ledger, too.
		await waitForLedgerBlock(bucket, history, { prometheus, ...witnesses });
		await using outage = await makeOutageInMidUpload(
			environment,
			bucket,
			history.startedAt,
		).begin();
		const { halfUploaded } = outage;
		const { blocks, cost, flaws } = await losePower(
			subject,
			nodes,
			environment,
			watched,
			"while a block is cut",
			() => outage.end(),
		);
		expect(flaws).toEqual([]);
		expect([...blocks.keys()], "blocks before").toContain(halfUploaded);

		const uploaded = await waitForUpload(bucket, halfUploaded, witnesses);
		const whole = await readFromBlock(
			{ bucket, tools },
			uploaded,
			subject.ledger,
		);
		expect(whole.series).toHaveLength(1);
		expect(findFlaws(whole)).toEqual([]);
		const next = await eventually(
			"the block that was being cut is cut again, and uploaded",
			budgets.blockUpload,
			async () => {
				for (const block of await bucket.blocks(history.startedAt)) {
					if (blocks.has(block)) continue;
					const meta = await bucket.meta(block);
					const numbers = history.within(meta).filter(isAcknowledged);
					if (meta.minTime >= uploaded.maxTime && numbers.length > 0)
						return meta;
				}
				return notYet("only blocks from before the loss of power are there");
			},
		);
		const cutAgain = await readFromBlock(
			{ bucket, tools },
			next,
			subject.ledger,
		);
		expect(cutAgain.series).toHaveLength(1);
		const alsoLost = checkReading(cutAgain).lost.filter(
			(each) => !cost.lost.includes(each),
		);
		expect(
			alsoLost,
			"samples that Prometheus has, and the block has not",
		).toEqual([]);
		const half = await listHalfUploaded(bucket, history.startedAt);
		expect(half.filter((each) => each <= next.ulid)).toEqual([]);
		await annotate(
			`while a block was cut and ${halfUploaded} was half uploaded, ${describeCost(cost, watched.writeBack)}; both blocks are completely in the bucket`,
			"corrected",
		);
	});
});
