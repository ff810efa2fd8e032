import { expect, test } from "vitest";
import { describeDifference, differencesOf } from "./differences.ts";

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
	[
		"a variable that is secret",
		{ env: [] },
		{ env: [{ name: "DB_PASSWORD", value: "x" }] },
		[
			'env[DB_PASSWORD]: nothing → {"name":"DB_PASSWORD","value":"(not shown)"}',
		],
	],
	[
		"an address with a password",
		{ url: "http://a" },
		{ url: "mysql://grafana:x@db:3306/grafana" },
		['url: "http://a" → "mysql://grafana:(not shown)@db:3306/grafana"'],
	],
	[
		"an address with a token",
		{ url: "http://a" },
		{ url: "http://a/?access_token=x&b=c" },
		['url: "http://a" → "http://a/?access_token=(not shown)&b=c"'],
	],
	[
		"a map of secrets that comes",
		{ a: [{ name: "x" }] },
		{ a: [{ name: "x", secureJsonData: { httpHeaderValue1: "tenant" } }] },
		['a[x].secureJsonData: nothing → {"httpHeaderValue1":"(not shown)"}'],
	],
	[
		"a map of secrets in what goes",
		{ a: [{ name: "x", secureJsonData: { headers: ["tenant", 1] } }] },
		{ a: [] },
		[
			'a[x]: {"name":"x","secureJsonData":{"headers":["(not shown)","(not shown)"]}} → nothing',
		],
	],
	[
		"a map in a map of secrets",
		{ secureSettings: { a: 1 } },
		{ secureSettings: { a: 1, b: { url: "http://a" } } },
		['secureSettings.b: nothing → {"url":"(not shown)"}'],
	],
	[
		"which Secret it is",
		{},
		{
			basicAuth: { password: { name: "a", key: "b" } },
			volumes: [{ name: "my-token", secret: { secretName: "a" } }],
		},
		[
			'basicAuth: nothing → {"password":{"name":"a","key":"b"}}',
			'volumes: nothing → [{"name":"my-token","secret":{"secretName":"a"}}]',
		],
	],
	[
		"a field of an item with such a name",
		{ containers: [{ name: "token-proxy" }] },
		{ containers: [{ name: "token-proxy", args: ["--a", "--b"] }] },
		['containers[token-proxy].args: nothing → ["--a","--b"]'],
	],
	[
		"a secret that is a number",
		{ password: 1 },
		{ password: 2 },
		["password: changes (not shown)"],
	],
])("%s", (_, from, to, expected) => {
	expect(describe(from, to)).toEqual(expected);
});
