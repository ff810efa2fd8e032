import { expect, test } from "vitest";
import { type Mutation, readMutations } from "./catalogue.ts";
import { combine, packHealthy, packMutations } from "./together.ts";

const make = (id: string, claim: string, others: Partial<Mutation> = {}) => ({
	id,
	claim,
	why: "because it would be wrong",
	alsoRefutes: [],
	fresh: false,
	values: {},
	objects: [],
	secrets: [],
	addons: [],
	lifecycle: [],
	...others,
});
const addon = { name: "loki", changes: [{ replace: "a", with: "b" }] };

test.each([
	["different claims", make("y", "b"), 1],
	["one claim, of which one does not say what it must name", make("y", "a"), 2],
	["one claim that say what it must name", make("y", "a", { says: "y" }), 1],
	[
		"a claim that one of them refutes as well",
		make("y", "b", { alsoRefutes: ["a"], says: "y" }),
		2,
	],
	["one key", make("y", "b", { values: { grafana: { b: 1 } } }), 2],
	[
		"two keys of one component",
		make("y", "b", { values: { grafana: { a: 1 } } }),
		1,
	],
	["one addon", make("y", "b", { addons: [addon] }), 2],
	[
		"different claims, one on a fresh cluster",
		make("y", "b", { fresh: true }),
		2,
	],
])("two mutations of %s", (_, other, groups) => {
	const one = make("x", "a", {
		says: "x",
		values: { grafana: { b: 2 } },
		addons: [addon],
	});
	expect(packMutations([one, other])).toHaveLength(groups);
});

test("a group changes what each of its mutations changes", () => {
	const group = [
		make("x", "a", { values: { grafana: { b: 2 } } }),
		make("y", "b", { values: { grafana: { c: 3 } }, addons: [addon] }),
		make("z", "c", { lifecycle: [{ prefix: "", days: 30 }] }),
	];
	expect(combine(group)).toEqual({
		values: { grafana: { b: 2, c: 3 } },
		objects: [],
		secrets: [],
		addons: [addon],
		lifecycle: [{ prefix: "", days: 30 }],
	});
});

test("a group has at most eight mutations", () => {
	const all = Array.from("abcdefghi", (claim) => make(claim, claim));
	expect(packMutations(all).map(({ length }) => length)).toEqual([5, 4]);
});

test("a group has at most two mutations of one claim", () => {
	const all = Array.from("xyz", (id) => make(id, "a", { says: id }));
	expect(packMutations(all).map(({ length }) => length)).toEqual([2, 1]);
});

test("two mutations of one claim are apart while there is room for it", () => {
	const same = Array.from("xy", (id) => make(id, "a", { says: id }));
	const others = Array.from("bcdefgh", (claim) => make(claim, claim));
	for (const group of packMutations([...same, ...others]))
		expect(group.filter(({ claim }) => claim === "a")).toHaveLength(1);
});

test("healthy variations that set the same key are apart", () => {
	const variation = (id: string, values: Record<string, unknown>) => ({
		id,
		why: "",
		values,
	});
	const quiet = variation("quiet", { prometheus: { logLevel: "warn" } });
	const loud = variation("loud", { prometheus: { logLevel: "debug" } });
	const small = variation("small", { prometheus: { replicas: 1 } });
	expect(packHealthy([quiet, loud, small])).toEqual([[quiet, small], [loud]]);
});

test("the whole catalogue is packed", async () => {
	const all = await readMutations();
	const packed = packMutations(all);
	expect(packed.flat()).toHaveLength(all.length);
	expect(new Set(packed.flat())).toEqual(new Set(all));
	expect(packed.length).toBeLessThan(all.length / 2);
});
