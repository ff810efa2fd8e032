import { randomBytes } from "node:crypto";
import { describe, expect } from "vitest";
import { readAlertRetention } from "../alerts/alertmanagers.ts";
import { findUnsentResolves } from "../alerts/destinations.ts";
import { parseConfig } from "../alerts/loaded-config.ts";
import { countNotifications, isAbout } from "../alerts/notifications.ts";
import { Planting } from "../alerts/planting.ts";
import { isSameAlert } from "../alerts/states.ts";
import { longestWait } from "../alerts/waits.ts";
import type { AlertmanagerClient } from "../clients/alertmanager.ts";
import { sumOf } from "../clients/exposition.ts";
import type { Pod } from "../clients/kube-objects.ts";
import { budgets } from "../common/budgets.ts";
import { formatDuration } from "../common/duration.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { tidyUp } from "../common/tidy-up.ts";
import { makeCordon } from "../harness/cluster/cordon.ts";
import { makeKill } from "../harness/cluster/kill.ts";
import { makePodDeletion } from "../harness/cluster/pod-deletion.ts";
import { waitUntilSettled } from "../harness/readiness/settle.ts";
import { listAlertmanagerPods } from "../secrets/slack-files.ts";
import { test } from "./fixtures.ts";
import { makeAlertmanagerStorage } from "./means/alertmanager-storage.ts";

const cases = [
	{ given: false, killed: false },
	{ given: false, killed: true },
	{ given: true, killed: false },
	{ given: true, killed: true },
] as const;

/** By default the notification log is in an emptyDir, which ends with the pod. */
const hasVolume = ({ spec }: Pod) =>
	spec.volumes.some((each) => each.persistentVolumeClaim !== undefined);

/** How many ended alerts Prometheus has posted to an Alertmanager since it started. */
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
		"with a volume that it is given: $given, killed: $killed",
		async ({ given, killed }, {
			kube,
			nodes,
			prometheus,
			alertmanager,
			slack,
			environment,
			namespace: place,
			annotate,
			onTestFinished,
			skip,
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
			await waitUntilSettled(kube, namespace);
			const listPods = () => listAlertmanagerPods({ kube, namespace });
			const hasOwn = (await listPods()).every(hasVolume);
			skip(given && hasOwn, "Alertmanager has a volume already");
			if (given) {
				const stored = await makeAlertmanagerStorage(kube, namespace).begin();
				// Not at the end of the scope: the planted alerts are withdrawn first.
				onTestFinished(() => stored[Symbol.asyncDispose]());
			}
			// The log is written to the disk every 15 minutes, and when Alertmanager stops cleanly.
			const cost = (given || hasOwn) && !killed ? 0 : 1;
			const config = parseConfig(await alertmanager.config());
			// Of an alert whose end is never told, none can be lost, and nothing is sent when it fires again.
			expect(findUnsentResolves(config, [])).toEqual([]);
			const wait = longestWait(config);
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
				budgets.ruleReload + budgets.notification + wait,
				async () => {
					const counts = await countMessages();
					if (counts.staying?.firing !== 1 || counts.ending?.firing !== 1)
						return notYet(JSON.stringify(counts));
				},
			);

			// All replicas: one that stays would tell the others what it has sent.
			const pods = await listPods();
			const uids = new Set(pods.map(({ metadata }) => metadata.uid));
			const homes = pods.map(({ spec }) => spec.nodeName ?? "");
			const processes = await Promise.all(
				pods.map(({ metadata }, i) =>
					nodes.findProcess(homes[i] ?? "", metadata.uid, "alertmanager"),
				),
			);
			// The next pods wait until one of the alerts has ended.
			await using cordon = await makeCordon(kube, ...homes).begin();
			if (killed)
				await Promise.all(
					processes.map((each) =>
						makeKill(nodes, each, "Alertmanager").inflict(),
					),
				);
			await makePodDeletion(kube, pods, { force: killed }).inflict();
			// Nothing is sent while no Alertmanager runs: what is sent of this alert from now on is about its end.
			const ended = await slack.lastId();
			await ending.setState("resolved");
			await cordon.end();
			await eventually(
				"Alertmanager is back, and has received what fires and what has ended",
				budgets.podRestart + budgets.scrapeInterval,
				async () => {
					const now = await listPods();
					if (now.some(({ metadata }) => uids.has(metadata.uid)))
						return notYet("an old pod is there");
					const replicas = await alertmanager.each();
					if (replicas.length < pods.length)
						return notYet(`${replicas.length} of ${pods.length} are Ready`);
					const firing = await staying.inAlertmanager();
					if (!firing.some((each) => isSameAlert(each, planted.staying)))
						return notYet("it does not know the alert that fires");
					// Prometheus posts all alerts that ended with one rule together.
					const counts = await Promise.all(replicas.map(countResolved));
					const received = Math.min(...counts);
					const all = Object.keys(ending.alerts).length;
					if (received < all)
						return notYet(
							`it has received ${received} ended alerts, not ${all}`,
						);
				},
			);
			await staying.post("firing");
			await eventually(
				"Slack receives the canary, which came later",
				budgets.notification + wait,
				async () => {
					const counts = await countMessages();
					if (!counts.canary?.firing) return notYet(JSON.stringify(counts));
				},
			);
			// The alert that has ended fires again: a message about its end would come before this one, in the same group.
			const refired = await slack.lastId();
			const mark = `mark-again-${randomBytes(4).toString("hex")}`;
			const again = { ...planted.ending, mark };
			await ending.post("firing", again);
			const last = await eventually(
				"Slack receives the alert that fires again",
				budgets.notification + wait,
				async () => {
					const all = [...Object.values(planted), again];
					const later = await slack.requests(refired);
					return (
						later.find(
							({ payload }) => payload && isAbout(payload, again, all),
						) ?? notYet(`of ${later.length} later messages none is about it`)
					);
				},
			);
			const requests = await slack.requests(before);
			await staying.post("resolved");
			const { staying: stayed } = countNotifications(requests, planted);
			const { ending: over } = countNotifications(
				requests.filter(({ id }) => id < last.id),
				planted,
				ended,
			);
			const repeated = (stayed?.firing ?? 0) - 1;
			const lost = 1 - (over?.resolved ?? 0);
			const volume = given
				? "with a volume that it was given"
				: `as the homelab has it, with${hasOwn ? "" : "out"} a volume`;
			await annotate(
				`Alertmanager ${killed ? "killed" : "restarted cleanly"} ${volume}: ${repeated} repeated message(s), ${lost} lost resolve(s)`,
			);
			const now = await listPods();
			const forgets = formatDuration(readAlertRetention(now));
			expect(
				{ repeated, lost },
				`messages of an Alertmanager ${now.every(hasVolume) ? "with" : "without"} a volume that forgets after ${forgets} what it has sent (--data.retention)`,
			).toEqual({ repeated: cost, lost: cost });
		},
	);
});
