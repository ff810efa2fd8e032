import { describe, expect } from "vitest";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";
import { tidyUp } from "../common/tidy-up.ts";
import {
	findPrometheusPod,
	findPrometheusProcess,
} from "../harness/cluster/prometheus-pod.ts";
import { compareToLedger, describeGap } from "../ledger/history.ts";
import {
	findLostSamples,
	readLedgerBack,
	restartsOf,
	takeSnapshot,
	waitForNumbers,
	waitForRecovery,
} from "../wal/crash.ts";
import { findCorruptions } from "../wal/replay.ts";
import { test } from "./fixtures.ts";
import { slowDown } from "./means/cpu.ts";

const begun = "Replaying WAL";
const completed = "WAL replay completed";

describe("Prometheus that is killed while it replays its WAL loses nothing", () => {
	test("SIGKILL in the middle of the replay", async ({
		subject,
		nodes,
		annotate,
		onTestFinished,
	}) => {
		const { kube, prometheus, namespace } = subject;
		const { ledger } = subject.ledger;
		await waitForNumbers(ledger, Date.now(), budgets.podRestart);
		const before = await takeSnapshot(subject, "10m");
		const { name, uid } = before.pod.metadata;
		const { process } = await findPrometheusProcess(
			kube,
			nodes,
			prometheus,
			namespace,
		);
		// A replay of seconds can be met in its middle.
		const letGo = await slowDown(nodes, process.node, uid);
		onTestFinished(tidyUp("the end of the slow-down", letGo));
		await nodes.kill(process);
		const killedAt = Date.now();
		const readLog = (previous: boolean) =>
			kube.logs(namespace, name, { container: "prometheus", previous });
		let killed = { pid: process.pid, restarts: before.restarts, tries: 0 };
		await eventually(
			"Prometheus is killed while it replays its WAL",
			2 * budgets.podRestart,
			async () => {
				// Until the kubelet counts the restart, the logs are those of the processes before.
				const restarts = restartsOf(await findPrometheusPod(kube, namespace));
				if (restarts === killed.restarts)
					return "the kubelet does not know of the new process yet";
				const cutOff = killed.tries > 0 ? await readLog(true) : "";
				if (cutOff.includes(begun) && !cutOff.includes(completed)) return "";
				const again = await nodes.findProcess(process.node, uid, "prometheus");
				if (again.pid === killed.pid) return "the old process is there";
				if (!(await readLog(false)).includes(begun)) return "it has not begun";
				// If its replay is over by now, the next one's may be met.
				await nodes.kill(again);
				killed = { pid: again.pid, restarts, tries: killed.tries + 1 };
				return `it was killed ${killed.tries} times`;
			},
			(missing) => missing === "" || missing,
		);
		await letGo();
		await waitForRecovery(subject, before);
		const { written, stored } = await readLedgerBack(subject);
		expect(stored).toHaveLength(1);
		expect(compareToLedger(written, stored[0]?.values ?? [])).toEqual([]);
		const after = await takeSnapshot(subject, "30m");
		expect(before.scraped).not.toEqual([]);
		expect(findLostSamples(before.scraped, after.scraped)).toEqual([]);
		expect(findCorruptions(after)).toEqual([]);
		const gaps = ledger.gaps.filter(({ endedAt }) => endedAt > killedAt);
		await annotate(gaps.map(describeGap).join("; "));
	});
});
