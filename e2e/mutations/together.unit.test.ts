import { expect, test } from "vitest";
import { type Mutation, readMutations } from "./catalogue.ts";
import { combine, packTogether } from "./together.ts";

const make = (id: string, claim: string, others: Partial<Mutation> = {}) => ({
	id,
	claim,
	why: "because it would be wrong",
	alsoRefutes: [],
	values: {},
	objects: [],
	secrets: [],
	addons: [],
	...others,
});
const addon = { name: "loki", changes: [{ replace: "a", with: "b" }] };

test.each([
	["different claims", make("y", "b"), 1],
	["one claim", make("y", "a"), 2],
	["a claim that both refute", make("y", "b", { alsoRefutes: ["a"] }), 2],
	["one component", make("y", "b", { values: { grafana: { a: 1 } } }), 2],
	["another component", make("y", "b", { values: { prometheus: {} } }), 1],
	["one addon", make("y", "b", { addons: [addon] }), 2],
])("two mutations of %s", (_, other, groups) => {
	const one = make("x", "a", {
		values: { grafana: { b: 2 } },
		addons: [addon],
	});
	expect(packTogether([one, other])).toHaveLength(groups);
});

test("a group changes what each of its mutations changes", () => {
	const group = [
		make("x", "a", { values: { grafana: { b: 2 } } }),
		make("y", "b", { values: { prometheus: { c: 3 } }, addons: [addon] }),
	];
	expect(combine(group)).toEqual({
		values: { grafana: { b: 2 }, prometheus: { c: 3 } },
		objects: [],
		secrets: [],
		addons: [addon],
	});
});

test("the whole catalogue is packed", async () => {
	const all = await readMutations();
	const packed = packTogether(all);
	expect(packed.flat()).toHaveLength(all.length);
	expect(new Set(packed.flat())).toEqual(new Set(all));
	expect(packed.length).toBeLessThan(all.length / 2);
});
