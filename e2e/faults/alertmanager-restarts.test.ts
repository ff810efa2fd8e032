import { randomBytes } from "node:crypto";
import { describe, expect } from "vitest";
import { countNotifications } from "../alerts/notifications.ts";
import { Planting } from "../alerts/planting.ts";
import { isSameAlert } from "../alerts/states.ts";
import type { AlertmanagerClient } from "../clients/alertmanager.ts";
import { sumOf } from "../clients/exposition.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";
import { tidyUp } from "../common/tidy-up.ts";
import { setSchedulable } from "../harness/cluster/schedulable.ts";
import { waitUntilSettled } from "../harness/readiness/settle.ts";
import { findAlertmanagerPod } from "../secrets/webhook-file.ts";
import { test } from "./fixtures.ts";

const monitoring = "monitoring.coreos.com/v1";
/** What a restart may cost, beside the storage that Alertmanager has then. */
const cases = [
	// Upstream's notification log lies in an emptyDir, which ends with the pod.
	{ storage: false, killed: false, again: 1, lost: 1 },
	{ storage: false, killed: true, again: 1, lost: 1 },
	{ storage: true, killed: false, again: 0, lost: 0 },
	// The log goes to the disk every 15 minutes, and when Alertmanager ends in peace.
	{ storage: true, killed: true, again: 1, lost: 1 },
] as const;

/** Gives the operator's Alertmanager a volume of its own, or takes it away. */
async function setStorage(
	kube: KubeClient,
	namespace: string,
	wanted: boolean,
): Promise<void> {
	const found = await kube.list({
		apiVersion: monitoring,
		kind: "Alertmanager",
		namespace,
	});
	const storage = {
		volumeClaimTemplate: {
			spec: {
				storageClassName: "longhorn",
				resources: { requests: { storage: "1Gi" } },
			},
		},
	};
	await kube.apply(
		found.map(({ metadata: { name } }) => ({
			apiVersion: monitoring,
			kind: "Alertmanager",
			metadata: { name, namespace },
			spec: wanted ? { storage } : {},
		})),
	);
	await waitUntilSettled(kube, namespace);
}

/** What Alertmanager leaves behind when it loses its volume. */
async function deleteClaims(kube: KubeClient, namespace: string) {
	const kind = "PersistentVolumeClaim";
	const claims = await kube.list({ apiVersion: "v1", kind, namespace });
	await kube.delete(
		claims
			.filter(({ metadata }) => metadata.name.startsWith("alertmanager-"))
			.map(({ metadata: { name } }) => ({
				apiVersion: "v1",
				kind,
				namespace,
				name,
			})),
	);
}

function received(alertmanager: AlertmanagerClient): Promise<number> {
	return alertmanager.metrics().then((metrics) =>
		sumOf(
			metrics.filter(({ labels }) => labels.status === "resolved"),
			"alertmanager_alerts_received_total",
		),
	);
}

describe("a restart of Alertmanager costs second messages and lost resolves, and no more than its storage explains", () => {
	test.for(cases)("with storage: $storage, killed: $killed", async ({
		storage,
		killed,
		...cost
	}, {
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
		await setStorage(kube, namespace, storage);
		onTestFinished(
			tidyUp("Alertmanager without storage", async () => {
				await setStorage(kube, namespace, false);
				await deleteClaims(kube, namespace);
			}),
		);
		const before = await slack.lastId();
		const [staying, ending] = [plant(), plant()];
		const planted = {
			staying: staying.alerts.critical,
			ending: ending.alerts.critical,
			canary: staying.canary,
		};
		const heard = async () =>
			countNotifications(await slack.requests(before), planted);
		await Promise.all([staying.setState("firing"), ending.setState("firing")]);
		await eventually(
			"Slack hears of both alerts",
			budgets.ruleReload + budgets.notification,
			heard,
			(each) =>
				(each.staying?.firing === 1 && each.ending?.firing === 1) ||
				JSON.stringify(each),
		);

		const pod = await findPod();
		const { name, uid } = pod.metadata;
		const node = pod.spec.nodeName ?? "";
		const process = await nodes.findProcess(node, uid, "alertmanager");
		// The next pod waits until one of the alerts has ended.
		await setSchedulable(kube, node, false);
		onTestFinished(
			tidyUp("the node's return", () => setSchedulable(kube, node, true)),
		);
		if (killed) await nodes.kill(process);
		await kube.delete(
			[{ apiVersion: "v1", kind: "Pod", name, namespace }],
			killed ? { gracePeriodSeconds: 0 } : {},
		);
		await ending.setState("resolved");
		await setSchedulable(kube, node, true);
		await eventually(
			"Alertmanager is back, and was told of what fires and of what has ended",
			budgets.podRestart + budgets.scrapeInterval,
			async () => {
				if ((await findPod()).metadata.uid === uid)
					return "the old pod is there";
				const fires = await staying.inAlertmanager();
				if (!fires.some((each) => isSameAlert(each, planted.staying)))
					return "it does not know of the alert that fires";
				// Prometheus tells of all that ended with one rule at once.
				const ended = await received(alertmanager);
				const all = Object.keys(ending.alerts).length;
				return ended >= all
					? ""
					: `it was told of ${ended} alerts that have ended, not of ${all}`;
			},
			(missing) => missing === "" || missing,
		);
		await staying.post("firing");
		await eventually(
			"Slack hears of the canary, which came later",
			budgets.notification,
			heard,
			(each) => (each.canary?.firing ?? 0) > 0 || JSON.stringify(each),
		);
		// Of the group that has ended, too: what was to be told of its end was told before it fires anew.
		await ending.post("firing", planted.ending);
		const told = await eventually(
			"Slack hears of what fires anew",
			budgets.notification,
			heard,
			(each) => each.ending?.firing === 2 || JSON.stringify(each),
		);
		await staying.post("resolved");
		const again = (told.staying?.firing ?? 0) - 1;
		const lost = 1 - (told.ending?.resolved ?? 0);
		await annotate(
			`Alertmanager ${killed ? "killed" : "restarted cleanly"} ${storage ? "with a volume of its own" : "as the homelab has it, without a volume"}: ${again} second message(s), ${lost} lost resolve(s)`,
		);
		expect({ again, lost }).toEqual({ again: cost.again, lost: cost.lost });
	});
});
