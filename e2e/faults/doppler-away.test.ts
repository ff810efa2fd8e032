import { describe, expect } from "vitest";
import { hasCondition, type Pod } from "../clients/kube-objects.ts";
import { getSecret } from "../clients/secret.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { restartGrafana } from "../dashboards/grafana-pods.ts";
import { makePodDeletion } from "../harness/cluster/pod-deletion.ts";
import {
	listControllerPods,
	waitUntilRefused,
	waitUntilSynced,
} from "../secrets/external-secrets.ts";
import { test } from "../secrets/fixtures.ts";
import { findAlertmanagerPod } from "../secrets/webhook-file.ts";

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
		const findController = async () => {
			const [found, ...others] = await listControllerPods(kube);
			if (!found || others.length > 0)
				throw new Error(
					`External Secrets has ${found ? others.length + 1 : 0} pods, not one`,
				);
			return found;
		};
		/** Deletes a pod and waits for the one that takes its place. */
		const restart = async (what: string, find: () => Promise<Pod>) => {
			const old = await find();
			await makePodDeletion(kube, [old], { force: true }).inflict();
			await eventually(`${what} is back`, budgets.podRestart, async () => {
				const found = await find();
				if (found.metadata.uid === old.metadata.uid)
					return notYet("its old pod is there");
				if (!hasCondition(found, "Ready"))
					return notYet("its new pod is not Ready");
			});
		};
		for (const each of both) await waitUntilSynced(kube, each);
		const before = await readAll();

		await using away = await outage("unavailable").begin();
		const began = performance.now();
		for (const each of both) await waitUntilRefused(kube, each);
		await restart("External Secrets", findController);
		await restart("Alertmanager", () =>
			findAlertmanagerPod({ kube, namespace }),
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
		const ended = new Date();
		for (const each of both) await waitUntilSynced(kube, each, ended);
		const seconds = (since: number, until = performance.now()) =>
			((until - since) / 1000).toFixed(0);
		await annotate(
			`in ${seconds(began, back)} s without Doppler both Secrets stayed, and were enough to notify and to log in; the ExternalSecrets were synced ${seconds(back)} s after it was back`,
		);
	});
});
