import { describe } from "vitest";
import type { HomelabSecrets } from "./harness/set-up/homelab-secrets.ts";
import {
	apiVersion,
	getSecret,
	makeExternalSecret,
	textsOf,
	waitUntilRefused,
	waitUntilSynced,
	waitUntilTold,
} from "./secrets/external-secrets.ts";
import { test } from "./secrets/fixtures.ts";

type Held = Pick<HomelabSecrets, "slackWebhookUrl" | "grafanaAdmin" | "canary">;

/** A Secret that comes from Doppler. */
interface Promised {
	readonly name: string;
	/** Its keys, with their values in Doppler. */
	readonly contentOf: (held: Held) => Readonly<Record<string, string>>;
	/** How External Secrets asks for them, and the names that it asks for where it asks for one at a time. */
	readonly question: string;
	readonly asks: readonly (string | null)[];
}

const promised: readonly Promised[] = [
	{
		name: "alertmanager-slack",
		contentOf: (held) => ({ "webhook-url": held.slackWebhookUrl }),
		question: "/v3/configs/config/secret",
		asks: ["SLACK_WEBHOOK_URL"],
	},
	{
		name: "grafana-admin",
		contentOf: ({ grafanaAdmin }) => ({
			"admin-user": grafanaAdmin.user,
			"admin-password": grafanaAdmin.password,
		}),
		question: "/v3/configs/config/secret",
		asks: ["GRAFANA_ADMIN_USER", "GRAFANA_ADMIN_PASSWORD"],
	},
	{
		name: "doppler-canary",
		contentOf: ({ canary }) => ({ CANARY: canary }),
		question: "/v3/configs/config/secrets/download",
		asks: [null],
	},
];

describe("Grafana's credentials and Alertmanager's webhook come from Doppler by External Secrets", {
	tags: ["needs-external-secrets"],
}, () => {
	for (const { name, contentOf, question, asks } of promised) {
		test.concurrent(`Secret ${name} holds what Doppler holds, and its ExternalSecret owns it`, async ({
			environment,
			kube,
			doppler,
			annotate,
			expect,
		}) => {
			const named = { namespace: environment.namespace, name };
			const external = await waitUntilSynced(kube, named);
			const secret = await getSecret(kube, named);
			expect(secret.metadata.ownerReferences).toMatchObject([
				{ kind: "ExternalSecret", name, uid: external.metadata.uid },
			]);
			// Only names of keys are compared: no assertion may quote a value.
			const texts = textsOf(secret);
			const content = Object.entries(contentOf(environment));
			expect(Object.keys(texts).sort()).toEqual(
				content.map(([key]) => key).sort(),
			);
			const others = content.flatMap(([key, value]) =>
				texts[key] === value ? [] : [key],
			);
			expect(others, "keys that hold something else than Doppler").toEqual([]);

			const answered = (await doppler.requests()).filter(
				({ path, name: asked, status, token, userAgent }) =>
					path === question &&
					asks.includes(asked) &&
					status === 200 &&
					token === "valid" &&
					userAgent === "doppler-external-secrets",
			);
			expect(answered.map((each) => each.name)).toEqual(
				expect.arrayContaining([...asks]),
			);
			const conditional = answered.filter((each) => each.conditional).length;
			await annotate(
				`${answered.length} times External Secrets asked for ${name}, ${conditional} of them with If-None-Match`,
			);
		});
	}

	test.concurrent("a wrong token is refused with 401, and store and ExternalSecret say so until it is corrected", async ({
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
				apiVersion,
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
		await waitUntilTold(kube, named, storeRef, "Invalid Service token");
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

		// The token alone was wrong.
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
