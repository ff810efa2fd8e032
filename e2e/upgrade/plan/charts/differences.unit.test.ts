import { expect, test } from "vitest";
import {
	describeDifference,
	differencesOf,
	isSecretName,
} from "./differences.ts";

const describe = (from: unknown, to: unknown) =>
	differencesOf(from, to).map(describeDifference);

test.each([
	["equal", { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, []],
	["a field", { a: { b: 1 } }, { a: { b: 2 } }, ["a.b: 1 → 2"]],
	["a new field", {}, { a: 1 }, ["a: nothing → 1"]],
	[
		"one more item in front",
		{ env: [{ name: "B", value: "2" }] },
		{
			env: [
				{ name: "A", value: "1" },
				{ name: "B", value: "2" },
			],
		},
		['env[A]: nothing → {"name":"A","value":"1"}'],
	],
	[
		"texts in another order",
		{ args: ["--a", "--b"] },
		{ args: ["--b", "--a"] },
		[],
	],
	[
		"one of several texts",
		{ args: ["--a", "--b"] },
		{ args: ["--b", "--c"] },
		['args: "--a" → "--c"'],
	],
	[
		"endpoints of one port",
		[{ port: "http" }, { port: "http", path: "/b" }],
		[{ port: "http", path: "/b" }],
		['[http]: {"port":"http"} → nothing'],
	],
	[
		"a secret",
		{ password: "a" },
		{ password: "b" },
		["password: changes (not shown)"],
	],
	[
		"a secret further down",
		{ a: [] },
		{ a: [{ name: "x", token: "secret" }] },
		['a[x]: nothing → {"name":"x","token":"(not shown)"}'],
	],
])("%s", (_, from, to, expected) => {
	expect(describe(from, to)).toEqual(expected);
});

test.each([
	["grafana.adminPassword", true],
	["bearer_token", true],
	["secureJsonData.httpHeaderValue1", true],
	["prometheusOperator.secretFieldSelector", false],
	["grafana.admin.existingSecret", false],
	["automountServiceAccountToken", false],
	["objectStorageConfig.existingSecret.name", false],
	["retention", false],
])("%s may be secret: %s", (name, expected) => {
	expect(isSecretName(name)).toBe(expected);
});
