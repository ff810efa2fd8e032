import { describe } from "vitest";
import { getSecret, listKeys, textsOf } from "./clients/secret.ts";
import { listGrafanaPods } from "./dashboards/grafana-pods.ts";
import { listInDoppler } from "./harness/set-up/homelab-secrets.ts";
import {
	externalSecretsV1,
	makeExternalSecret,
	waitForSyncError,
	waitUntilRefused,
	waitUntilSynced,
} from "./secrets/external-secrets.ts";
import { test } from "./secrets/fixtures.ts";
import { findCredentialSources } from "./secrets/read-secrets.ts";
import { credentialNames, findSlackFiles } from "./secrets/slack-files.ts";
import {
	namesByKey,
	whyNotFromDoppler,
	writer,
} from "./secrets/written-from-doppler.ts";

/** A Secret that comes from Doppler. */
interface Promised {
	readonly name: string;
	/** What it has, by the names in Doppler. */
	readonly has: readonly string[];
	/** The path of External Secrets' requests for it. */
	readonly path: string;
	/** The names in those requests; null for the request that returns all. */
	readonly names: readonly (string | null)[];
}

const promised: readonly Promised[] = [
	{
		name: "alertmanager-slack",
		has: ["SLACK_WEBHOOK_URL"],
		path: "/v3/configs/config/secret",
		names: ["SLACK_WEBHOOK_URL"],
	},
	{
		name: "grafana-admin",
		has: ["GRAFANA_ADMIN_USER", "GRAFANA_ADMIN_PASSWORD"],
		path: "/v3/configs/config/secret",
		names: ["GRAFANA_ADMIN_USER", "GRAFANA_ADMIN_PASSWORD"],
	},
	{
		name: "doppler-canary",
		has: ["CANARY"],
		path: "/v3/configs/config/secrets/download",
		names: [null],
	},
];

describe("Grafana's credentials and Alertmanager's webhook come from Doppler by External Secrets", {
	tags: [
		"ignores-node-exporter",
		"ignores-prometheus",
		"needs-external-secrets",
	],
}, () => {
	for (const { name, has, path, names } of promised) {
		test.concurrent(`Secret ${name} contains what Doppler has, and its ExternalSecret owns it`, async ({
			environment,
			kube,
			doppler,
			annotate,
			expect,
		}) => {
			const named = { namespace: environment.namespace, name };
			const external = await waitUntilSynced(kube, named);
			const secret = await getSecret(kube, named);
			expect(
				secret.metadata.ownerReferences,
				`the owners of Secret ${name}: its ExternalSecret creates and deletes it`,
			).toMatchObject([
				{ kind: "ExternalSecret", name, uid: external.metadata.uid },
			]);
			// Only names of keys: no assertion may quote a value.
			const texts = textsOf(secret);
			const values = new Map(Object.entries(listInDoppler(environment)));
			values.set("CANARY", environment.canary);
			const keys = namesByKey(writer.parse(external), has, [...values.keys()]);
			expect(Object.keys(texts).sort(), `the keys of Secret ${name}`).toEqual(
				Object.keys(keys).sort(),
			);
			const others = Object.entries(keys).flatMap(([key, of]) =>
				texts[key] === values.get(of) ? [] : [key],
			);
			expect(
				others,
				`keys of Secret ${name} whose values differ from Doppler's`,
			).toEqual([]);

			const answered = (await doppler.requests()).filter(
				(each) =>
					each.path === path &&
					names.includes(each.name) &&
					each.status === 200 &&
					each.token === "valid" &&
					each.userAgent === "doppler-external-secrets",
			);
			expect(
				answered.map((each) => each.name),
				`External Secrets' requests to Doppler's ${path} that were answered`,
			).toEqual(expect.arrayContaining([...names]));
			const conditional = answered.filter((each) => each.conditional).length;
			await annotate(
				`External Secrets requested ${name} ${answered.length} times, ${conditional} of them with If-None-Match`,
			);
		});
	}

	test.concurrent("every container of Grafana's pod reads the credentials from a Secret that External Secrets writes from Doppler", async ({
		environment,
		kube,
		expect,
	}) => {
		const { namespace, grafanaAdmin } = environment;
		const contents = async (name: string) =>
			textsOf(await getSecret(kube, { namespace, name }));
		const pods = await listGrafanaPods(kube, namespace);
		expect(pods, "Grafana's pods").not.toEqual([]);
		const found = await Promise.all(
			pods.map((pod) =>
				findCredentialSources(pod, (name) =>
					listKeys(kube, { namespace, name }),
				),
			),
		);
		for (const sources of found) {
			expect(
				sources.map(({ variable }) => variable),
				"the variables of Grafana's pod from which Grafana has its administrator's credentials",
			).toEqual(
				expect.arrayContaining([
					"GF_SECURITY_ADMIN_USER",
					"GF_SECURITY_ADMIN_PASSWORD",
				]),
			);
			const wrong: string[] = [];
			for (const { container, variable, what, source } of sources) {
				if (source.from === "elsewhere") {
					wrong.push(`in container ${container}, ${source.where}`);
					continue;
				}
				const { name, key } = source.key;
				const read = `container ${container} reads ${variable} from key ${key} of Secret ${name}`;
				const reason = await whyNotFromDoppler(kube, namespace, source.key);
				if (reason) wrong.push(`${read}, ${reason}`);
				else if ((await contents(name))[key] !== grafanaAdmin[what])
					wrong.push(`${read}, whose content is not what Doppler has`);
			}
			expect(
				wrong,
				"Grafana's admin credentials come from Doppler via External Secrets, but",
			).toEqual([]);
		}
	});

	test.concurrent("each pod of Alertmanager reads the webhook from a Secret that External Secrets writes from Doppler", async ({
		environment,
		kube,
		alertmanager,
		expect,
	}) => {
		const { namespace } = environment;
		const wrong: string[] = [];
		for (const { pod, path, key, content } of await findSlackFiles({
			kube,
			namespace,
			alertmanager,
		})) {
			const read = `${pod.metadata.name} reads the ${credentialNames[content]} from ${path}`;
			if (!key) {
				wrong.push(`${read}, which is not from a Secret`);
				continue;
			}
			const reason = await whyNotFromDoppler(kube, namespace, key);
			if (reason) wrong.push(`${read}, from Secret ${key.name}, ${reason}`);
		}
		expect(
			wrong,
			"the Slack webhook, or the token of a bot that writes instead, is stored in Doppler, synced via ExternalSecret, and mounted as a file that Alertmanager reads, but",
		).toEqual([]);
	});

	test.concurrent("a wrong token is refused with 401, and store and ExternalSecret report it until the token is corrected", async ({
		kube,
		doppler,
		namespace,
		expect,
	}) => {
		const storeRef = { kind: "SecretStore", name: "doppler" } as const;
		const named = { namespace, name: "grafana-user" };
		const plantToken = (dopplerToken: string) =>
			kube.apply([
				{
					apiVersion: "v1",
					kind: "Secret",
					metadata: { name: "doppler-token", namespace },
					stringData: { dopplerToken },
				},
			]);
		const last = (await doppler.requests()).at(-1)?.id;
		await plantToken("dp.st.homelab.mistyped");
		await kube.apply([
			{
				apiVersion: externalSecretsV1,
				kind: storeRef.kind,
				metadata: { name: storeRef.name, namespace },
				spec: {
					provider: {
						doppler: {
							auth: { secretRef: { dopplerToken: { name: "doppler-token" } } },
						},
					},
				},
			},
			makeExternalSecret(named, storeRef, { user: "GRAFANA_ADMIN_USER" }),
		]);
		await waitUntilRefused(kube, named);
		await waitForSyncError(kube, named, storeRef, "Invalid Service token");
		const refused = (await doppler.requests(last)).filter(
			({ token }) => token === "wrong",
		);
		expect(refused).not.toEqual([]);
		expect(refused.filter(({ status }) => status !== 401)).toEqual([]);
		const secrets = await kube.list({
			apiVersion: "v1",
			kind: "Secret",
			namespace,
		});
		expect(secrets.map(({ metadata }) => metadata.name)).not.toContain(
			named.name,
		);

		// Only the token was wrong.
		const { dopplerToken = "" } = textsOf(
			await getSecret(kube, {
				namespace: "external-secrets",
				name: "doppler-token",
			}),
		);
		await plantToken(dopplerToken);
		await waitUntilSynced(kube, named);
	});
});
