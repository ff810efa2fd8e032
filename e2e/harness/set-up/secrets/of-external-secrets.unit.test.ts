import { expect, test } from "vitest";
import { stringify } from "yaml";
import { hasStore, makeDopplerContents } from "./of-external-secrets.ts";
import { findOwnSecrets } from "./own-secrets.ts";

const make = (kind: string, name: string, spec: object = {}) => ({
	apiVersion: "external-secrets.io/v1",
	kind,
	metadata: { name },
	spec,
});
const from = (store: string, key: string) =>
	make("ExternalSecret", "pushover", {
		secretStoreRef: { kind: "ClusterSecretStore", name: store },
		data: [{ secretKey: "token", remoteRef: { key } }],
		dataFrom: [{ extract: { key: `${key}_ALL` } }, { find: {} }],
	});

test("the homelab's store is here, and one that the values bring", () => {
	expect(hasStore(from("doppler", "A"), [])).toBe(true);
	expect(hasStore(from("vault", "A"), [])).toBe(false);
	expect(hasStore(from("vault", "A"), [make("SecretStore", "vault")])).toBe(
		true,
	);
	expect(hasStore(make("ExternalSecret", "generated"), [])).toBe(true);
});

test("Doppler has what ExternalSecrets of the values ask it for", () => {
	const random = expect.stringMatching(/^[0-9a-f]{16}$/);
	expect(
		makeDopplerContents([
			from("doppler", "TOKEN"),
			from("vault", "OTHER"),
			make("Secret", "x"),
			make("ExternalSecret", "empty"),
		]),
	).toEqual({ TOKEN: random, TOKEN_ALL: random });
});

test("a key may say its store itself", () => {
	const mixed = make("ExternalSecret", "mixed", {
		secretStoreRef: { kind: "ClusterSecretStore", name: "doppler" },
		data: [
			{
				secretKey: "token",
				remoteRef: { key: "OTHER" },
				sourceRef: { storeRef: { name: "vault" } },
			},
			{ secretKey: "user", remoteRef: { key: "USER" } },
		],
	});
	expect(hasStore(mixed, [])).toBe(false);
	expect(hasStore(mixed, [make("SecretStore", "vault")])).toBe(true);
	expect(Object.keys(makeDopplerContents([mixed]))).toEqual(["USER"]);
});

test("what no store here has is made by set-up", () => {
	const pod = make("Pod", "grafana", {
		containers: [{ name: "grafana" }],
		volumes: [{ name: "v", secret: { secretName: "pushover" } }],
	});
	const find = (store: string) =>
		findOwnSecrets(
			[from(store, "A"), pod].map((each) => stringify(each)).join("\n---\n"),
			"monitoring",
			{ forClaims: true },
		).map(({ name }) => name);
	expect(find("doppler")).toEqual([]);
	expect(find("vault")).toEqual(["pushover"]);
});
