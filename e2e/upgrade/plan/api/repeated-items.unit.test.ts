import { expect, test } from "vitest";
import { repeatedItems } from "./repeated-items.ts";

const schema = {
	properties: {
		groups: {
			"x-kubernetes-list-type": "map",
			"x-kubernetes-list-map-keys": ["name"],
			items: { properties: { name: { type: "string" } } },
		},
		ports: {
			"x-kubernetes-list-type": "map",
			"x-kubernetes-list-map-keys": ["port", "protocol"],
			items: { properties: { protocol: { default: "TCP" } } },
		},
		names: { "x-kubernetes-list-type": "set", items: {} },
		free: { "x-kubernetes-list-type": "atomic", items: {} },
	},
};

test.each([
	[
		{ groups: [{ name: "own" }, { name: "own" }, { name: "own" }] },
		'groups has two items with the name "own"',
	],
	[
		{ ports: [{ port: 1 }, { port: 1, protocol: "TCP" }] },
		'ports has two items with the port 1 and the protocol "TCP"',
	],
	[{ names: ["a", "b", "a"] }, 'names has "a" twice'],
])("%j: %s", (value, says) => {
	expect(repeatedItems(value, schema)).toEqual([says]);
});

test("items that differ in a key, and those of other lists, may repeat", () => {
	const value = {
		groups: [{ name: "a" }, { name: "b" }],
		ports: [{ port: 1 }, { port: 1, protocol: "UDP" }],
		names: ["a", "b"],
		free: ["a", "a"],
	};
	expect(repeatedItems(value, schema)).toEqual([]);
});
