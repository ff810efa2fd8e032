import { describe, expect } from "vitest";
import { witnessUploads } from "../blocks/upload-witnesses.ts";
import { waitForLedgerBlock } from "../blocks/uploads.ts";
import type { RangeSeries } from "../clients/prometheus-schemas.ts";
import type { ThanosClient } from "../clients/thanos.ts";
import { budgets } from "../common/budgets.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { formatMoment } from "../common/time-range.ts";
import { makePodDeletion } from "../harness/cluster/pod-deletion.ts";
import { findPrometheusPod } from "../harness/cluster/prometheus-pod.ts";
import { explainLoss } from "../ledger/checker.ts";
import { describeSample } from "../ledger/history.ts";
import { readFromBlock, readFromThanos } from "../ledger/readers.ts";
import { findLostScrapes } from "../ledger/scraped.ts";
import { waitForNumbers } from "../ledger/wait-for-numbers.ts";
import { takeSnapshot } from "../wal/snapshot.ts";
import { test } from "./fixtures.ts";
import { makeNodeLoss } from "./means/node-loss.ts";

/** Milliseconds. */
const hour = 3_600_000;

/** The targets' `up` from the store gateway only, once it has loaded blocks up to the end of the range. */
async function readFromBucket(
	thanos: ThanosClient,
	range: { readonly from: number; readonly to: number },
): Promise<RangeSeries[]> {
	const gateway = await eventually(
		"the store gateway has loaded the block",
		budgets.storeSync,
		async () => {
			const found = (await thanos.stores()).store?.[0];
			return found && found.maxTime > range.to
				? found
				: notYet(
						`its blocks end at ${found ? formatMoment(found.maxTime) : "no time yet"}, not after ${formatMoment(range.to)}`,
					);
		},
	);
	return thanos.rawSamples("up", { ...range, only: [gateway.name] });
}

describe("the loss of Prometheus' node and volume costs only what was not yet uploaded", {
	tags: ["needs-thanos"],
}, () => {
	test("node large is destroyed with its volume, and rebuilt", async ({
		subject,
		kube,
		prometheus,
		bucket,
		thanos,
		tools,
		environment,
		annotate,
	}) => {
		const { namespace, ledger } = subject;
		const { history } = ledger;
		const pod = await findPrometheusPod(kube, namespace);
		await waitForNumbers(history, clusterNow(), budgets.podRestart);
		const { maxTime } = await waitForLedgerBlock(bucket, history, {
			prometheus,
			...witnessUploads(kube, () => pod),
		});
		const older = { from: maxTime - hour, to: maxTime - 1 };
		const scraped = await readFromBucket(thanos, older);
		const { place } = await takeSnapshot(subject, "10m");

		await makeNodeLoss("large", environment.nodes.large).inflict();
		const destroyedAt = clusterNow();
		// What a person does who has lost a machine: the old node and its volume will not come back.
		await kube.delete([
			{ apiVersion: "v1", kind: "Node", name: "large" },
			{
				apiVersion: "v1",
				kind: "PersistentVolumeClaim",
				namespace,
				name: place.volumeClaim,
			},
			{ apiVersion: "v1", kind: "PersistentVolume", name: place.volume },
		]);
		await makePodDeletion(kube, [pod], { force: true }).inflict();
		await eventually(
			"Prometheus runs on a new volume claim",
			2 * budgets.podRestart,
			async () => {
				const now = await takeSnapshot(subject, "10m");
				if (now.place.volumeClaimUid === place.volumeClaimUid)
					return notYet("the volume claim is the old one");
			},
		);
		await waitForNumbers(history, clusterNow(), budgets.podRestart);

		const blocks = await bucket.blocks(history.startedAt);
		const metas = await Promise.all(blocks.map((each) => bucket.meta(each)));
		const readings = [];
		for (const meta of metas)
			readings.push(await readFromBlock({ bucket, tools }, meta, ledger));
		const uploaded = readings.flatMap(({ series }) => series.flat());
		expect(uploaded, "samples that were uploaded").not.toEqual([]);
		const latest = Math.max(...metas.map(({ maxTime }) => maxTime));
		await eventually(
			"Thanos' query asks Prometheus' new pod, and a store gateway that has loaded what was uploaded",
			budgets.storeSync,
			async () => {
				const { sidecar = [], store = [] } = await thanos.stores();
				const [{ lastError } = { lastError: "there is none" }] = sidecar;
				if (lastError) return notYet(`sidecar: ${lastError}`);
				const [{ maxTime } = { maxTime: 0 }] = store;
				// A store gateway without blocks shows the earliest possible time, which is too early for a Date.
				if (maxTime <= 0) return notYet("the store gateway has loaded nothing");
				if (maxTime < latest)
					return notYet(
						`the store gateway has nothing later than ${formatMoment(maxTime)}`,
					);
			},
		);
		const reading = await readFromThanos(thanos, ledger);
		const answered = new Set(
			reading.series.flat().map(({ timestamp }) => timestamp),
		);
		expect(
			uploaded
				.filter(({ timestamp }) => !answered.has(timestamp))
				.map(describeSample),
			"uploaded samples that Thanos does not answer",
		).toEqual([]);
		expect(
			findLostScrapes(scraped, await thanos.rawSamples("up", older)),
			"scraped samples that had been uploaded",
		).toEqual([]);
		const { before, lost, otherwise } = explainLoss(reading, destroyedAt);
		expect(lost).not.toEqual([]);
		expect(lost, "the last ones before the loss").toEqual(
			before.slice(before.length - lost.length),
		);
		expect(otherwise).toEqual([]);
		const [first, last] = [lost[0], lost.at(-1)];
		const minutes = ((last?.timestamp ?? 0) - (first?.timestamp ?? 0)) / 60_000;
		await annotate(
			`lost: ${lost.length} of ${before.length} samples, the last ${minutes.toFixed(1)} minutes; Thanos answers the other ${before.length - lost.length} from before the loss`,
		);
	});
});
