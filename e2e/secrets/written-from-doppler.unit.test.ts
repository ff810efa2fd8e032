import { expect, test } from "vitest";
import {
	describeWriter,
	namesByKey,
	storesOf,
	writer,
} from "./written-from-doppler.ts";

const make = (spec: object) =>
	writer.parse({
		apiVersion: "external-secrets.io/v1",
		kind: "ExternalSecret",
		metadata: { name: "slack", namespace: "monitoring" },
		spec,
	});

test.each([
	[{}, "refreshInterval 1h"],
	[
		{ refreshInterval: "1m", refreshPolicy: "CreatedOnce" },
		"refreshInterval 1m and refreshPolicy CreatedOnce",
	],
	[
		{ refreshInterval: "1m", target: { immutable: true } },
		"refreshInterval 1m and target.immutable true, with which the Secret is never changed",
	],
	[
		{ target: { template: { data: { url: "https://example.org" } } } },
		"refreshInterval 1h and a target.template, which may say it itself",
	],
])("%j is told", (spec, told) => {
	expect(describeWriter(make(spec))).toBe(
		`its ExternalSecret slack has ${told}`,
	);
});

const doppler = { kind: "ClusterSecretStore", name: "doppler" };
const byHand = { sourceRef: { storeRef: { name: "by-hand" } } };
const fromDoppler = { sourceRef: { storeRef: doppler } };

test.each([
	[["doppler"], { secretStoreRef: doppler, data: [{ secretKey: "url" }] }],
	[["doppler"], { data: [{ secretKey: "url", ...fromDoppler }] }],
	[
		["by-hand"],
		{
			secretStoreRef: doppler,
			data: [{ secretKey: "url", ...byHand }, { secretKey: "other" }],
		},
	],
	// A template gives it another name.
	[
		["doppler", "by-hand"],
		{ data: [{ secretKey: "hook", ...fromDoppler }], dataFrom: [byHand] },
	],
	[[], { secretStoreRef: doppler, dataFrom: [{ sourceRef: {} }] }],
])("key url may come from %j: %j", (names, spec) => {
	expect(storesOf(make(spec), "url").map(({ name }) => name)).toEqual(names);
});

test("a key has any name, and what is found has its own", () => {
	const all = ["USER", "WORD", "HOOK"];
	const read = (key: string, secretKey: string) => ({
		secretKey,
		remoteRef: { key },
	});
	const asks = make({ data: [read("USER", "name"), read("HOOK", "url")] });
	expect(namesByKey(asks, ["USER", "WORD"], all)).toEqual({
		name: "USER",
		url: "HOOK",
		WORD: "WORD",
	});
	// A name that Doppler is not known to have is a key too many.
	expect(namesByKey(make({ data: [read("X", "x")] }), ["USER"], all)).toEqual({
		USER: "USER",
	});
});
