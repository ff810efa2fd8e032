import { describe, expect } from "vitest";
import { budgets } from "../common/budgets.ts";
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
import { countRestarts, takeSnapshot } from "../wal/snapshot.ts";
import { test } from "./fixtures.ts";
import { makeCpuShortage } from "./means/cpu.ts";

const begun = "Replaying WAL";
const completed = "WAL replay completed";

describe("Prometheus that is killed while it replays its WAL loses nothing", () => {
	test("SIGKILL in the middle of the replay", async ({
		subject,
		nodes,
		annotate,
	}) => {
		const { kube, prometheus, namespace, ledger } = subject;
		await waitForNumbers(ledger.history, Date.now(), budgets.podRestart);
		const before = await takeSnapshot(subject, "10m");
		const { name, uid } = before.pod.metadata;
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
		await makeKill(nodes, process, "Prometheus").inflict();
		const killedAt = Date.now();
		const readLog = (previous: boolean) =>
			kube.logs(namespace, name, { container: "prometheus", previous });
		let killed = { pid: process.pid, restarts: before.restarts, tries: 0 };
		await eventually(
			"Prometheus is killed while it replays its WAL",
			2 * budgets.podRestart,
			async () => {
				// Until the kubelet counts the restart, the logs are those of the processes before.
				const restarts = countRestarts(
					await findPrometheusPod(kube, namespace),
				);
				if (restarts === killed.restarts)
					return notYet("the kubelet does not know the new process yet");
				const cutOff = killed.tries > 0 ? await readLog(true) : "";
				if (cutOff.includes(begun) && !cutOff.includes(completed)) return;
				const again = await nodes.findProcess(process.node, uid, "prometheus");
				if (again.pid === killed.pid)
					return notYet("the old process still runs");
				if (!(await readLog(false)).includes(begun))
					return notYet("the replay has not begun");
				// If this replay is over by now, the next one may be interrupted.
				await makeKill(nodes, again, "Prometheus").inflict();
				killed = { pid: again.pid, restarts, tries: killed.tries + 1 };
				return notYet(`it was killed ${killed.tries} times`);
			},
		);
		await shortage.end();
		await waitForRecovery(subject, before);
		expect(findFlaws(await readFromPrometheus(prometheus, ledger))).toEqual([]);
		const after = await takeSnapshot(subject, "30m");
		expect(before.scraped).not.toEqual([]);
		expect(findLostScrapes(before.scraped, after.scraped)).toEqual([]);
		expect(findCorruptions(after)).toEqual([]);
		await annotate(describeGaps(ledger.history.entries, killedAt));
	});
});
