import { describe, expect } from "vitest";
import { readBack } from "../blocks/read-back.ts";
import { waitForLedgerBlock } from "../blocks/uploads.ts";
import type { RangeSeries } from "../clients/prometheus.ts";
import type { ThanosClient } from "../clients/thanos.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";
import {
	findPrometheusPod,
	readSidecarMetrics,
} from "../harness/cluster/prometheus-pod.ts";
import type { StoredSample } from "../ledger/history.ts";
import { findLoss } from "../ledger/loss.ts";
import {
	findLostSamples,
	readLedgerBack,
	takeSnapshot,
	waitForNumbers,
} from "../wal/crash.ts";
import { test } from "./fixtures.ts";
import { rebuildNode } from "./means/rebuilt-node.ts";

/** Milliseconds. */
const hour = 3_600_000;

/** The targets' `up` as the store gateway alone has it, once it has loaded what reaches to the end. */
async function readFromBucket(
	thanos: ThanosClient,
	range: { readonly from: number; readonly to: number },
): Promise<RangeSeries[]> {
	const gateway = await eventually(
		"the store gateway has loaded the block",
		budgets.storeSync,
		async () => (await thanos.stores()).store?.[0],
		(found) =>
			(found && found.maxTime > range.to) ||
			`what it has ends at ${found?.maxTime}, not after ${range.to}`,
	);
	return thanos.rawSamples("up", { ...range, only: gateway?.name ?? "" });
}

describe("the loss of Prometheus' node and volume costs what was not yet uploaded, and no more", {
	tags: ["needs-thanos"],
}, () => {
	test("node large is destroyed with its volume, and made anew", async ({
		subject,
		kube,
		prometheus,
		bucket,
		thanos,
		tools,
		environment,
		annotate,
	}) => {
		const { namespace } = subject;
		const { ledger, selector } = subject.ledger;
		const pod = await findPrometheusPod(kube, namespace);
		await waitForNumbers(ledger, Date.now(), budgets.podRestart);
		const { maxTime } = await waitForLedgerBlock(bucket, ledger, {
			prometheus,
			sidecar: () => readSidecarMetrics(kube, pod),
		});
		const older = { from: maxTime - hour, to: maxTime - 1 };
		const scraped = await readFromBucket(thanos, older);
		const { place } = await takeSnapshot(subject, "10m");

		await rebuildNode(environment.nodes.large);
		const destroyedAt = Date.now();
		const name = place.claim;
		// As somebody would who has lost a machine: the old node and its volume will not come back.
		await kube.delete([
			{ apiVersion: "v1", kind: "Node", name: "large" },
			{ apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name },
			{ apiVersion: "v1", kind: "PersistentVolume", name: place.volume },
		]);
		await kube.delete(
			[{ apiVersion: "v1", kind: "Pod", namespace, name: pod.metadata.name }],
			{ gracePeriodSeconds: 0 },
		);
		await eventually(
			"Prometheus runs on a claim of its own again",
			2 * budgets.podRestart,
			() => takeSnapshot(subject, "10m"),
			(now) =>
				now.place.claimUid !== place.claimUid || "the claim is the old one",
		);
		await waitForNumbers(ledger, Date.now(), budgets.podRestart);

		const blocks = await bucket.blocks(ledger.startedAt);
		const uploaded: StoredSample[] = [];
		for (const block of blocks) {
			const [samples = []] = (
				await readBack(bucket, tools, block, selector)
			).values();
			uploaded.push(...samples);
		}
		const metas = await Promise.all(blocks.map((each) => bucket.meta(each)));
		const latest = Math.max(...metas.map(({ maxTime }) => maxTime));
		await eventually(
			"Thanos' query asks Prometheus' new pod, and a store gateway that has loaded what was uploaded",
			budgets.storeSync,
			() => thanos.stores(),
			({ sidecar = [], store = [] }) => {
				const [{ lastError } = { lastError: "there is none" }] = sidecar;
				if (lastError) return `sidecar: ${lastError}`;
				const [{ maxTime } = { maxTime: 0 }] = store;
				// Of nothing it tells the earliest time that there is, which no date can say.
				if (maxTime <= 0) return "the store gateway has loaded nothing";
				return (
					maxTime >= latest ||
					`the store gateway has nothing later than ${new Date(maxTime).toISOString()}`
				);
			},
		);
		const { written } = await readLedgerBack(subject);
		const [answer] = await thanos.rawSamples(selector, {
			from: ledger.startedAt,
			to: written.at(-1)?.timestamp ?? 0,
		});
		const answered = answer?.values ?? [];
		const there = new Set(answered.map(({ timestamp }) => timestamp));
		expect(
			uploaded.filter(({ timestamp }) => !there.has(timestamp)),
			"uploaded samples that Thanos does not answer",
		).toEqual([]);
		expect(scraped.flatMap(({ values }) => values)).not.toEqual([]);
		expect(
			findLostSamples(scraped, await thanos.rawSamples("up", older)),
			"scraped samples that had been uploaded",
		).toEqual([]);
		const { before, lost, otherwise } = findLoss(
			written,
			answered,
			destroyedAt,
		);
		expect(lost).not.toEqual([]);
		expect(lost, "the last ones before the loss").toEqual(
			before.slice(before.length - lost.length),
		);
		expect(otherwise).toEqual([]);
		const [first, last] = [lost[0], lost.at(-1)];
		const minutes = ((last?.timestamp ?? 0) - (first?.timestamp ?? 0)) / 60_000;
		await annotate(
			`lost: ${lost.length} of ${before.length} samples, the last ${minutes.toFixed(1)} minutes; ${before.length - lost.length} of before are answered by Thanos`,
		);
	});
});
