import { uniq, uniqBy } from "es-toolkit";
import { describe } from "vitest";
import { findExposures } from "./alerts/exposure.ts";
import type { Pod } from "./clients/kube-objects.ts";
import { getSecret, textsOf } from "./clients/secret.ts";
import { budgets } from "./common/budgets.ts";
import { clusterNow } from "./common/clock/cluster-clock.ts";
import { eventually, notYet } from "./common/eventually.ts";
import {
	listControllerPods,
	makeExternalSecret,
	waitForSyncError,
	waitUntilRefused,
	waitUntilSynced,
} from "./secrets/external-secrets.ts";
import { dopplerStore, test } from "./secrets/fixtures.ts";
import { readExternalSecrets } from "./secrets/places.ts";
import {
	credentialNames,
	findSlackFiles,
	firstCredentials,
	listAlertmanagerPods,
	rotatedCredentials,
	waitUntilMounted,
} from "./secrets/slack-files.ts";
import { describeRefresh } from "./secrets/written-from-doppler.ts";

/** The Secret with Alertmanager's webhook. */
const slack = "alertmanager-slack";

describe("a rotated secret takes effect without a restart, and the stack keeps working while Doppler is away", {
	tags: [
		"disrupts-secrets",
		"ignores-grafana",
		"ignores-node-exporter",
		"ignores-prometheus",
		"needs-external-secrets",
	],
}, () => {
	test("the notification after a rotation goes to the new webhook, and nothing is restarted", async ({
		environment,
		kube,
		nodes,
		alertmanager,
		rotation,
		notify,
		annotate,
		expect,
	}) => {
		const { namespace } = environment;
		const wanted = rotatedCredentials(environment);
		const access = { kube, nodes, alertmanager, namespace };
		// That each is from Doppler is for secrets-from-doppler to say.
		const homes = uniqBy(
			(await findSlackFiles(access)).flatMap(({ key, content }) =>
				key ? [{ ...key, content }] : [],
			),
			({ name, key }) => `${name} ${key}`,
		);
		const what = uniq(
			homes.map(({ content }) => credentialNames[content]),
		).join(" or ");
		await waitUntilMounted(access, firstCredentials(environment));
		expect(
			await notify("Before"),
			`by which ${what} Slack was notified before the rotation`,
		).toEqual([1]);
		const readPods = async () => [
			...(await listAlertmanagerPods(access)),
			...(await listControllerPods(kube)),
		];
		const before = (await readPods()).map(describePod);

		const began = performance.now();
		const seconds = () => ((performance.now() - began) / 1000).toFixed(1);
		await using rotated = await rotation.begin();
		for (const { name, key, content } of homes)
			await eventually(
				`Secret ${name}, from which Alertmanager reads the ${credentialNames[content]}, contains the one that Doppler has now`,
				budgets.secretSync,
				async () => {
					const texts = textsOf(await getSecret(kube, { namespace, name }));
					if (texts[key]?.trim() === wanted[content]) return;
					return notYet(
						`its key ${key} has another one, and ${await describeRefresh(kube, namespace, name)}`,
					);
				},
			);
		const written = seconds();
		await waitUntilMounted(access, wanted);
		const mounted = seconds();
		expect(
			await notify("After"),
			`by which ${what} Slack was notified after the rotation: 2 is the new one`,
		).toEqual([2]);
		expect(before.length).toBeGreaterThan(1);
		expect(
			(await readPods()).map(describePod),
			"a rotated secret needs no restart: the pods of Alertmanager and External Secrets, and their restarts",
		).toEqual(before);
		await annotate(
			`a rotated ${what} was in its Secret after ${written} s, in Alertmanager's file after ${mounted} s, and used after ${seconds()} s`,
		);
		await rotated.end();
	});

	test("while Doppler is away the Secrets stay, notifications are sent, and the ExternalSecrets report why they are not synced", async ({
		environment,
		kube,
		namespace: own,
		outage,
		notify,
		annotate,
		expect,
	}) => {
		const { namespace } = environment;
		const both = [slack, "grafana-admin"].map((name) => ({ namespace, name }));
		const readAll = () =>
			Promise.all(
				both.map(async (each) => {
					const { metadata, data } = await getSecret(kube, each);
					return { uid: metadata.uid, data };
				}),
			);
		// Kubernetes throttles the events of an object after about 25: a new object has an event for every reason.
		const witness = { namespace: own, name: "witness" };
		await kube.apply([
			makeExternalSecret(witness, dopplerStore, { user: "GRAFANA_ADMIN_USER" }),
		]);
		for (const each of [...both, witness]) await waitUntilSynced(kube, each);
		const before = await readAll();

		const began = performance.now();
		await using refused = await outage("refused").begin();
		for (const each of both) await waitUntilRefused(kube, each);
		await waitForSyncError(kube, witness, dopplerStore, "connection refused");
		expect(await notify("Refused")).toEqual([1]);
		await using limited = await outage("rate-limited").begin();
		await waitForSyncError(kube, witness, dopplerStore, "Rate limit exceeded");
		expect(await notify("RateLimited")).toEqual([1]);
		// No assertion may quote what the Secrets contain.
		expect(
			JSON.stringify(await readAll()) === JSON.stringify(before),
			"the Secrets are unchanged",
		).toBe(true);

		// After a refusal External Secrets may have quoted what it had.
		const said = await readExternalSecrets(kube);
		expect(findExposures(said, ["connection refused"])).toContainEqual(
			expect.stringMatching(/^log of pod external-secrets-/),
		);
		expect(findExposures(said, [environment.canary])).toEqual([]);

		const away = performance.now() - began;
		await limited.end();
		await refused.end();
		const ended = new Date(clusterNow());
		for (const each of both) await waitUntilSynced(kube, each, ended);
		await annotate(
			`Doppler was away for ${(away / 1000).toFixed(1)} s; the ExternalSecrets were synced ${((clusterNow() - ended.getTime()) / 1000).toFixed(1)} s after it was back`,
		);
	});
});

/** What changes when a pod is replaced or one of its containers restarts. */
function describePod({ metadata, status }: Pod) {
	return {
		uid: metadata.uid,
		restarts: status.containerStatuses.map(({ name, restartCount }) => ({
			name,
			restartCount,
		})),
	};
}
