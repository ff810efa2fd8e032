import { describe, expect } from "vitest";
import { budgets } from "../harness/budgets.ts";
import { GroundError } from "../harness/errors.ts";
import { eventually } from "../harness/eventually.ts";
import { compareToLedger, describeGap } from "../harness/ledger.ts";
import {
	findPrometheusPod,
	findPrometheusProcess,
} from "../harness/prometheus-pod.ts";
import { tidyUp } from "../tidy-up.ts";
import {
	readLedgerBack,
	restartsOf,
	takeSnapshot,
	waitForNumbers,
	waitForRecovery,
} from "../wal/crash.ts";
import { findCorruptions } from "../wal/replay.ts";
import { test } from "./fixtures.ts";
import { slowDown } from "./slow-down.ts";

const begun = "Replaying WAL";
const completed = "WAL replay completed";

describe("Prometheus that is killed while it replays its WAL loses nothing", () => {
	test("SIGKILL in the middle of the replay", {
		timeout: 4 * budgets.podRestart,
	}, async ({ ground, nodes, annotate, onTestFinished }) => {
		const { kube, prometheus, namespace } = ground;
		const { ledger } = ground.ledger;
		await waitForNumbers(ledger, Date.now(), budgets.podRestart);
		const before = await takeSnapshot(ground, "10m");
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
		await eventually(
			"Prometheus replays its WAL",
			budgets.podRestart,
			async () => {
				const again = await nodes.findProcess(process.node, uid, "prometheus");
				if (again.pid === process.pid) return "the old process is there";
				// Until the kubelet counts the restart, the log is that of the process before, which may have replayed, too.
				const pod = await findPrometheusPod(kube, namespace);
				if (restartsOf(pod) === before.restarts)
					return "the kubelet does not know of the new process yet";
				const log = await readLog(false);
				if (log.includes(completed))
					throw new GroundError("its replay ended before anybody saw it");
				if (!log.includes(begun)) return "it has not begun";
				await nodes.kill(again);
				return "";
			},
			(missing) => missing === "" || missing,
		);
		await letGo();
		await waitForRecovery(ground, before);
		const cutOff = await readLog(true);
		expect(cutOff).toContain(begun);
		expect(cutOff, "the log of the process that was killed").not.toContain(
			completed,
		);
		const { written, stored } = await readLedgerBack(ground);
		expect(stored).toHaveLength(1);
		expect(compareToLedger(written, stored[0]?.values ?? [])).toEqual([]);
		expect(findCorruptions(await takeSnapshot(ground, "30m"))).toEqual([]);
		const gaps = ledger.gaps.filter(({ endedAt }) => endedAt > killedAt);
		await annotate(gaps.map(describeGap).join("; "));
	});
});
