import { countRestarts, type Restarts } from "../clients/pod-trouble.ts";
import { explainPods } from "../clients/rollout.ts";
import { budgets } from "../common/budgets.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { findPrometheusPod } from "../harness/cluster/prometheus-pod.ts";
import { waitForNumbers } from "../ledger/wait-for-numbers.ts";
import type { Snapshot } from "./snapshot.ts";
import type { PrometheusUnderTest } from "./under-test.ts";

/** Waits until Prometheus has restarted, its pod is Ready, and it takes samples again. */
export async function waitForRecovery(
	{ kube, prometheus, namespace, ledger }: PrometheusUnderTest,
	{ startTime }: Pick<Snapshot, "startTime">,
): Promise<void> {
	let before: Restarts | undefined;
	await eventually(
		"Prometheus is back after its crash",
		budgets.podRestart,
		async () => {
			const pod = await findPrometheusPod(kube, namespace);
			// Until now it was killed by tests, which tells nothing of it.
			before ??= countRestarts([pod]);
			const [trouble] = await explainPods(kube, namespace, [pod], before);
			if (trouble) return notYet(trouble);
			const now = await prometheus.runtimeInfo();
			if (now.startTime === startTime)
				return notYet("its process has not ended");
		},
	);
	// An acknowledgement from before now may come from an older process.
	await waitForNumbers(ledger.history, clusterNow(), budgets.podRestart);
}
