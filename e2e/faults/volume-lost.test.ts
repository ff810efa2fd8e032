import { describe, expect } from "vitest";
import { readBack } from "../blocks/read-back.ts";
import { waitForLedgerBlock } from "../blocks/uploads.ts";
import { budgets } from "../harness/budgets.ts";
import { eventually } from "../harness/eventually.ts";
import type { StoredSample } from "../harness/ledger.ts";
import {
	findPrometheusPod,
	readSidecarMetrics,
} from "../harness/prometheus-pod.ts";
import { readLedgerBack, takeSnapshot, waitForNumbers } from "../wal/crash.ts";
import { test } from "./fixtures.ts";
import { findLoss } from "./loss.ts";
import { rebuildNode } from "./rebuilt-node.ts";

describe("the loss of Prometheus' node and volume costs what was not yet uploaded, and no more", () => {
	test("node large is destroyed with its volume, and made anew", {
		timeout: budgets.blockUpload + 4 * budgets.podRestart,
	}, async ({
		ground,
		kube,
		prometheus,
		bucket,
		tools,
		environment,
		annotate,
	}) => {
		const { namespace } = ground;
		const { ledger, selector } = ground.ledger;
		const pod = await findPrometheusPod(kube, namespace);
		await waitForNumbers(ledger, Date.now(), budgets.podRestart);
		await waitForLedgerBlock(bucket, ledger, {
			prometheus,
			sidecar: () => readSidecarMetrics(kube, pod),
		});
		const { place } = await takeSnapshot(ground, "10m");

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
			() => takeSnapshot(ground, "10m"),
			(now) =>
				now.place.claimUid !== place.claimUid || "the claim is the old one",
		);
		await waitForNumbers(ledger, Date.now(), budgets.podRestart);

		const { written, stored } = await readLedgerBack(ground);
		const uploaded: StoredSample[] = [];
		for (const block of await bucket.blocks(ledger.startedAt)) {
			const [samples = []] = (
				await readBack(bucket, tools, block, selector)
			).values();
			uploaded.push(...samples);
		}
		const inBucket = new Set(uploaded.map(({ timestamp }) => timestamp));
		const both = [
			...uploaded,
			...stored
				.flatMap(({ values }) => values)
				.filter(({ timestamp }) => !inBucket.has(timestamp)),
		];
		const { before, lost, otherwise } = findLoss(written, both, destroyedAt);
		expect(lost).not.toEqual([]);
		expect(lost, "the last ones before the loss").toEqual(
			before.slice(before.length - lost.length),
		);
		expect(otherwise).toEqual([]);
		const minutes = (destroyedAt - (lost[0]?.timestamp ?? 0)) / 60_000;
		await annotate(
			`lost: ${lost.length} of ${before.length} samples, the last ${minutes.toFixed(1)} minutes; ${before.length - lost.length} of before are in the object store`,
		);
	});
});
