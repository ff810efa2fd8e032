import { describe, expect } from "vitest";
import { addRestarts, countRestarts } from "../clients/pod-trouble.ts";
import { explainPods } from "../clients/rollout.ts";
import { budgets } from "../common/budgets.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { EnvironmentError } from "../common/errors.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { makeKill } from "../harness/cluster/kill.ts";
import {
	findPrometheusPod,
	findPrometheusProcess,
} from "../harness/cluster/prometheus-pod.ts";
import { findFlaws } from "../ledger/checker.ts";
import { describeGaps } from "../ledger/gaps.ts";
import { readFromPrometheus } from "../ledger/readers.ts";
import { findLostScrapes } from "../ledger/scraped.ts";
import { waitForNumbers } from "../ledger/wait-for-numbers.ts";
import { waitForRecovery } from "../wal/recovery.ts";
import { findCorruptions } from "../wal/replay.ts";
import { takeSnapshot } from "../wal/snapshot.ts";
import { test } from "./fixtures.ts";
import { makeCpuShortage } from "./means/cpu.ts";
import { makeKillInReplay } from "./means/kill-in-replay.ts";

/** The kubelet waits longer after each kill: after more of them, for longer than a claim can. */
const mostMissed = 3;

describe("Prometheus that is killed while it replays its WAL loses nothing", () => {
	test("SIGKILL in the middle of the replay", async ({
		subject,
		nodes,
		annotate,
	}) => {
		const { kube, prometheus, namespace, ledger } = subject;
		await waitForNumbers(ledger.history, clusterNow(), budgets.podRestart);
		const before = await takeSnapshot(subject, "10m");
		const { uid } = before.pod.metadata;
		const { process } = await findPrometheusProcess(
			kube,
			nodes,
			prometheus,
			namespace,
		);
		// With little CPU the replay takes seconds, long enough to be interrupted.
		await using shortage = await makeCpuShortage(
			nodes,
			process.node,
			uid,
		).begin();
		const restarts = countRestarts([before.pod]);
		await makeKill(nodes, process, "Prometheus").inflict();
		const killedAt = clusterNow();
		let killed = { pid: process.pid, missed: 0 };
		const file = await eventually(
			"Prometheus is killed while it replays its WAL",
			2 * budgets.podRestart,
			async () => {
				// What crashes by itself does not replay.
				const pod = await findPrometheusPod(kube, namespace);
				const ofTest = addRestarts(restarts, 1 + killed.missed);
				await explainPods(kube, namespace, [pod], ofTest);
				const again = await nodes.findProcess(process.node, uid, "prometheus");
				if (again.pid === killed.pid)
					return notYet("the old process still runs");
				const reading = await makeKillInReplay(nodes, again).inflict();
				if (reading) return reading;
				// Until the replay is over, this answers 503, which is the reason that a time-out reports.
				await prometheus.runtimeInfo();
				// This replay was too short to be seen; the next one may be interrupted.
				await makeKill(nodes, again, "Prometheus").inflict();
				killed = { pid: again.pid, missed: killed.missed + 1 };
				if (killed.missed >= mostMissed) return undefined;
				return notYet(
					`${killed.missed} replays were over before it was killed`,
				);
			},
			{ eager: true },
		);
		await shortage.end();
		await waitForRecovery(subject, before);
		expect(findFlaws(await readFromPrometheus(prometheus, ledger))).toEqual([]);
		const after = await takeSnapshot(subject, "30m");
		expect(findLostScrapes(before.scraped, after.scraped)).toEqual([]);
		expect(findCorruptions(after)).toEqual([]);
		if (!file)
			throw new EnvironmentError(
				`nothing is lost, but ${killed.missed} replays were over before Prometheus was killed: this machine is too fast for its WAL`,
			);
		await annotate(
			`Prometheus was killed while it read ${file} of its WAL${killed.missed > 0 ? `, after ${killed.missed} replays that were too short` : ""}`,
		);
		await annotate(describeGaps(ledger.history.entries, killedAt));
	});
});
