import { describe, expect } from "vitest";
import { hasCondition, type Pod } from "../clients/kube-objects.ts";
import { getSecret } from "../clients/secret.ts";
import { budgets } from "../common/budgets.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { restartGrafana } from "../dashboards/grafana-pods.ts";
import { makePodDeletion } from "../harness/cluster/pod-deletion.ts";
import {
	listControllerPods,
	waitUntilRefused,
	waitUntilSynced,
} from "../secrets/external-secrets.ts";
import { test } from "../secrets/fixtures.ts";
import { listAlertmanagerPods } from "../secrets/slack-files.ts";

describe("what came from Doppler stays while it is away, even if its readers restart", {
	tags: ["needs-external-secrets"],
}, () => {
	test("Alertmanager starts and notifies without Doppler, Grafana's login works, and External Secrets keeps what it wrote", async ({
		environment,
		kube,
		outage,
		notify,
		annotate,
	}) => {
		const { namespace } = environment;
		const both = ["alertmanager-slack", "grafana-admin"].map((name) => ({
			namespace,
			name,
		}));
		const readAll = () =>
			Promise.all(
				both.map(async (each) => {
					const { metadata, data } = await getSecret(kube, each);
					return JSON.stringify([metadata.uid, data]);
				}),
			);
		/** Deletes all of its pods and waits for those that take their place. */
		const restart = async (what: string, list: () => Promise<Pod[]>) => {
			const old = await list();
			expect(old, `pods of ${what}`).not.toEqual([]);
			const uids = new Set(old.map(({ metadata }) => metadata.uid));
			await makePodDeletion(kube, old, { force: true }).inflict();
			await eventually(`${what} is back`, budgets.podRestart, async () => {
				const found = await list();
				if (found.some(({ metadata }) => uids.has(metadata.uid)))
					return notYet("an old pod is there");
				const ready = found.filter((each) => hasCondition(each, "Ready"));
				if (ready.length < old.length)
					return notYet(`${ready.length} of ${old.length} new pods are Ready`);
			});
		};
		for (const each of both) await waitUntilSynced(kube, each);
		const before = await readAll();

		await using away = await outage("unavailable").begin();
		const began = performance.now();
		for (const each of both) await waitUntilRefused(kube, each);
		await restart("External Secrets", () => listControllerPods(kube));
		await restart("Alertmanager", () =>
			listAlertmanagerPods({ kube, namespace }),
		);
		expect(await notify("WithoutDoppler")).toEqual([1]);
		const { grafanaAdmin } = environment;
		const admin = await restartGrafana(kube, namespace, grafanaAdmin);
		expect(await admin.user()).toBe(grafanaAdmin.user);
		for (const each of both) await waitUntilRefused(kube, each);
		const after = await readAll();
		// No assertion may quote what the Secrets contain.
		expect(
			both.filter((_, i) => after[i] !== before[i]),
			"Secrets that have changed",
		).toEqual([]);

		await away.end();
		const back = performance.now();
		const ended = new Date(clusterNow());
		for (const each of both) await waitUntilSynced(kube, each, ended);
		const seconds = (since: number, until = performance.now()) =>
			((until - since) / 1000).toFixed(0);
		await annotate(
			`in ${seconds(began, back)} s without Doppler both Secrets stayed, and were enough to notify and to log in; the ExternalSecrets were synced ${seconds(back)} s after it was back`,
		);
	});
});
