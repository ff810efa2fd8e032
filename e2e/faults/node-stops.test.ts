import { describe, expect } from "vitest";
import { hasCondition, node } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { budgets } from "../common/budgets.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { findFlaws } from "../ledger/checker.ts";
import { describeGaps } from "../ledger/gaps.ts";
import { readFromPrometheus } from "../ledger/readers.ts";
import { findLostScrapes } from "../ledger/scraped.ts";
import { waitForNumbers } from "../ledger/wait-for-numbers.ts";
import { waitForRecovery } from "../wal/recovery.ts";
import { findCorruptions } from "../wal/replay.ts";
import { takeSnapshot } from "../wal/snapshot.ts";
import { test } from "./fixtures.ts";
import { makeNodeOutage } from "./means/node.ts";

/** Waits until the cluster reports a node as not Ready. */
async function waitForNotReady(kube: KubeClient, name: string): Promise<void> {
	await eventually(
		`node ${name} is not Ready`,
		budgets.podRestart,
		async () => {
			const found = await kube.get(
				{ apiVersion: "v1", kind: "Node", name },
				node,
			);
			if (hasCondition(found, "Ready")) return notYet("it is Ready");
		},
	);
}

/** What the claim is not: a loss of power, which takes the memory, too, is power-lost. */
const onlyACrash =
	"this is a crash, not a loss of power: the machine's memory has kept what was written";

describe("a node that crashes or is stopped, and comes back, costs no acknowledged sample", () => {
	test.for([
		{ title: "killed and started", end: "killed" },
		{ title: "stopped, NotReady in the cluster, and started", end: "stopped" },
	] as const)(
		"Prometheus' node is $title",
		async ({ end }, {
			kube,
			prometheus,
			subject,
			environment,
			nodes,
			annotate,
		}) => {
			const { ledger } = subject;
			await waitForNumbers(ledger.history, clusterNow(), budgets.podRestart);
			const before = await takeSnapshot(subject, "10m");
			await using outage = await makeNodeOutage(
				nodes,
				environment.nodes,
				"large",
				end,
			).begin();
			const stoppedAt = clusterNow();
			if (end === "stopped") await waitForNotReady(kube, "large");
			await outage.end();
			await waitForRecovery(subject, before);
			const after = await takeSnapshot(subject, "30m");

			expect(findFlaws(await readFromPrometheus(prometheus, ledger))).toEqual(
				[],
			);
			expect(findLostScrapes(before.scraped, after.scraped)).toEqual([]);
			expect(findCorruptions(after)).toEqual([]);
			expect(after.place, "node and volume claim").toEqual(before.place);
			const gaps = describeGaps(ledger.history.entries, stoppedAt);
			expect(gaps, "gaps while the node was away").not.toBe("");
			await annotate(`${gaps}; ${onlyACrash}`);
		},
	);
});
