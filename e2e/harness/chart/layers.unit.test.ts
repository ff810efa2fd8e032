import { expect, test } from "vitest";
import { makeValuesFlags } from "./layers.ts";

const layers = [
	{ path: "homelab" },
	{ path: "overrides", forTest: "override" },
	{ path: "defaults", forTest: "default" },
	{ path: "person" },
] as const;

test("the test's overrides come last, its defaults in their order", () => {
	const flags = makeValuesFlags(layers, "further", false);
	expect(flags.map((flag) => flag.split("=")[1])).toEqual([
		"homelab",
		"defaults",
		"person",
		"further",
		"overrides",
	]);
});

test("as written, neither is there", () => {
	expect(makeValuesFlags(layers, undefined, true)).toEqual([
		"--values=homelab",
		"--values=person",
	]);
});
