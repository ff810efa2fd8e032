import { randomBytes } from "node:crypto";
import { describe, expect } from "vitest";
import { countNotifications } from "../alerts/notifications.ts";
import { Planting } from "../alerts/planting.ts";
import { isSameAlert } from "../alerts/states.ts";
import type { AlertmanagerClient } from "../clients/alertmanager.ts";
import { sumOf } from "../clients/exposition.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { tidyUp } from "../common/tidy-up.ts";
import { makeCordon } from "../harness/cluster/cordon.ts";
import { makeKill } from "../harness/cluster/kill.ts";
import { makePodDeletion } from "../harness/cluster/pod-deletion.ts";
import { waitUntilSettled } from "../harness/readiness/settle.ts";
import { findAlertmanagerPod } from "../secrets/webhook-file.ts";
import { test } from "./fixtures.ts";
import { makeAlertmanagerStorage } from "./means/alertmanager-storage.ts";

/** What a restart may cost, by the storage that Alertmanager has. */
const cases = [
	// By default the notification log is in an emptyDir, which ends with the pod.
	{ storage: false, killed: false, again: 1, lost: 1 },
	{ storage: false, killed: true, again: 1, lost: 1 },
	{ storage: true, killed: false, again: 0, lost: 0 },
	// The log is written to the disk every 15 minutes, and when Alertmanager stops cleanly.
	{ storage: true, killed: true, again: 1, lost: 1 },
] as const;

/** How many ended alerts Prometheus has posted to Alertmanager since it started. */
async function countResolved(
	alertmanager: AlertmanagerClient,
): Promise<number> {
	const metrics = await alertmanager.metrics();
	return sumOf(
		metrics.filter(({ labels }) => labels.status === "resolved"),
		"alertmanager_alerts_received_total",
	);
}

describe("a restart of Alertmanager costs only the repeated messages and lost resolves that its storage explains", () => {
	test.for(cases)(
		"with storage: $storage, killed: $killed",
		async ({ storage, killed, ...cost }, {
			kube,
			nodes,
			prometheus,
			alertmanager,
			slack,
			environment,
			namespace: place,
			annotate,
			onTestFinished,
		}) => {
			const { namespace } = environment;
			const plant = () => {
				const planting = new Planting(
					{
						kube,
						prometheus,
						alertmanager,
						stackNamespace: namespace,
						namespace: place,
					},
					randomBytes(4).toString("hex"),
				);
				onTestFinished(
					tidyUp("withdrawal of the planted alerts", () => planting.withdraw()),
				);
				return planting;
			};
			const findPod = () => findAlertmanagerPod({ kube, namespace });
			if (storage) {
				const stored = await makeAlertmanagerStorage(kube, namespace).begin();
				// Not at the end of the scope: the planted alerts are withdrawn first.
				onTestFinished(() => stored[Symbol.asyncDispose]());
			} else await waitUntilSettled(kube, namespace);
			const before = await slack.lastId();
			const [staying, ending] = [plant(), plant()];
			const planted = {
				staying: staying.alerts.critical,
				ending: ending.alerts.critical,
				canary: staying.canary,
			};
			const countMessages = async () =>
				countNotifications(await slack.requests(before), planted);
			await Promise.all([
				staying.setState("firing"),
				ending.setState("firing"),
			]);
			await eventually(
				"Slack receives both alerts",
				budgets.ruleReload + budgets.notification,
				async () => {
					const counts = await countMessages();
					if (counts.staying?.firing !== 1 || counts.ending?.firing !== 1)
						return notYet(JSON.stringify(counts));
				},
			);

			const pod = await findPod();
			const { uid } = pod.metadata;
			const node = pod.spec.nodeName ?? "";
			const process = await nodes.findProcess(node, uid, "alertmanager");
			// The next pod waits until one of the alerts has ended.
			await using cordon = await makeCordon(kube, node).begin();
			if (killed) await makeKill(nodes, process, "Alertmanager").inflict();
			await makePodDeletion(kube, [pod], { force: killed }).inflict();
			await ending.setState("resolved");
			await cordon.end();
			await eventually(
				"Alertmanager is back, and has received what fires and what has ended",
				budgets.podRestart + budgets.scrapeInterval,
				async () => {
					if ((await findPod()).metadata.uid === uid)
						return notYet("the old pod is there");
					const firing = await staying.inAlertmanager();
					if (!firing.some((each) => isSameAlert(each, planted.staying)))
						return notYet("it does not know the alert that fires");
					// Prometheus posts all alerts that ended with one rule together.
					const ended = await countResolved(alertmanager);
					const all = Object.keys(ending.alerts).length;
					if (ended < all)
						return notYet(`it has received ${ended} ended alerts, not ${all}`);
				},
			);
			await staying.post("firing");
			await eventually(
				"Slack receives the canary, which came later",
				budgets.notification,
				async () => {
					const counts = await countMessages();
					if (!counts.canary?.firing) return notYet(JSON.stringify(counts));
				},
			);
			// The alert that has ended fires again: a message about its end would come before this one, in the same group.
			await ending.post("firing", planted.ending);
			const messages = await eventually(
				"Slack receives the alert that fires again",
				budgets.notification,
				async () => {
					const counts = await countMessages();
					return counts.ending?.firing === 2
						? counts
						: notYet(JSON.stringify(counts));
				},
			);
			await staying.post("resolved");
			const again = (messages.staying?.firing ?? 0) - 1;
			const lost = 1 - (messages.ending?.resolved ?? 0);
			await annotate(
				`Alertmanager ${killed ? "killed" : "restarted cleanly"} ${storage ? "with a volume of its own" : "as the homelab has it, without a volume"}: ${again} repeated message(s), ${lost} lost resolve(s)`,
			);
			expect({ again, lost }).toEqual({ again: cost.again, lost: cost.lost });
		},
	);
});
