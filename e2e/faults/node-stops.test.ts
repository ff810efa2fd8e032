import { describe, expect } from "vitest";
import { budgets } from "../harness/budgets.ts";
import { connectDocker } from "../harness/docker.ts";
import { compareToLedger, describeGap } from "../harness/ledger.ts";
import { mountVolumes } from "../harness/volumes.ts";
import {
	findLostSamples,
	readLedgerBack,
	takeSnapshot,
	waitForNumbers,
	waitForRecovery,
} from "../wal/crash.ts";
import { findCorruptions } from "../wal/replay.ts";
import { test } from "./fixtures.ts";

describe("a node that is killed and started costs no acknowledged sample", () => {
	test("Prometheus' node is killed and started", {
		timeout: 4 * budgets.podRestart,
	}, async ({ ground, environment, nodes, annotate }) => {
		const { ledger } = ground.ledger;
		await waitForNumbers(ledger, Date.now(), budgets.podRestart);
		const before = await takeSnapshot(ground, "10m");
		const docker = await connectDocker();
		const node = docker.getContainer(environment.nodes.large);
		await node.kill();
		const killedAt = Date.now();
		await node.start();
		await mountVolumes(nodes, "large");
		await waitForRecovery(ground, before);
		const after = await takeSnapshot(ground, "30m");

		const { written, stored } = await readLedgerBack(ground);
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
