import { describe, expect } from "vitest";
import { hasCondition, node as kubeNode } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";
import { tidyUp } from "../common/tidy-up.ts";
import { mountVolumes } from "../harness/cluster/volumes.ts";
import { connectDocker } from "../harness/docker/docker.ts";
import { compareToLedger, describeGap } from "../ledger/history.ts";
import {
	findLostSamples,
	readLedgerBack,
	takeSnapshot,
	waitForNumbers,
	waitForRecovery,
} from "../wal/crash.ts";
import { findCorruptions } from "../wal/replay.ts";
import { test } from "./fixtures.ts";
import { onlyOnce } from "./means/only-once.ts";

function waitUntilMissed(kube: KubeClient, name: string): Promise<unknown> {
	return eventually(
		`the cluster misses node ${name}`,
		budgets.podRestart,
		() => kube.get({ apiVersion: "v1", kind: "Node", name }, kubeNode),
		(found) => !hasCondition(found, "Ready") || "it is Ready",
	);
}

describe("a node that stops and comes back costs no acknowledged sample", () => {
	test.for([
		{ end: "killed and started", isMissed: false },
		{ end: "stopped, missed by the cluster, and started", isMissed: true },
	])("Prometheus' node is $end", async ({ isMissed }, {
		kube,
		subject,
		environment,
		nodes,
		annotate,
		onTestFinished,
	}) => {
		const { ledger } = subject.ledger;
		await waitForNumbers(ledger, Date.now(), budgets.podRestart);
		const before = await takeSnapshot(subject, "10m");
		const docker = await connectDocker();
		const node = docker.getContainer(environment.nodes.large);
		const back = onlyOnce(async () => {
			await node.start();
			await mountVolumes(nodes, "large");
		});
		onTestFinished(tidyUp("the return of node large", back));
		if (isMissed) await node.stop();
		else await node.kill();
		const killedAt = Date.now();
		if (isMissed) await waitUntilMissed(kube, "large");
		await back();
		await waitForRecovery(subject, before);
		const after = await takeSnapshot(subject, "30m");

		const { written, stored } = await readLedgerBack(subject);
		expect(stored).toHaveLength(1);
		expect(compareToLedger(written, stored[0]?.values ?? [])).toEqual([]);
		expect(before.scraped).not.toEqual([]);
		expect(findLostSamples(before.scraped, after.scraped)).toEqual([]);
		expect(findCorruptions(after)).toEqual([]);
		expect(after.place, "node and claim").toEqual(before.place);
		const gaps = ledger.gaps.filter(({ endedAt }) => endedAt > killedAt);
		expect(gaps).not.toEqual([]);
		await annotate(gaps.map(describeGap).join("; "));
	});
});
