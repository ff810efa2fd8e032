import { expect, test } from "vitest";
import { BadInputError } from "../common/errors.ts";
import { readMutations } from "./catalogue.ts";
import { readHealthy } from "./healthy.ts";
import { chooseSelection } from "./selection.ts";

const everything = {
	claims: await readMutations("claims"),
	faults: await readMutations("faults"),
	healthy: await readHealthy(),
};
const nothingAsked = { faults: false, healthy: false, all: false };

function count(asked: Partial<typeof nothingAsked>, ...only: string[]) {
	const chosen = chooseSelection(
		everything,
		{ ...nothingAsked, ...asked },
		only,
	);
	return {
		claims: chosen.claims.length,
		faults: chosen.faults.length,
		healthy: chosen.healthy.length,
	};
}
const whole = {
	claims: everything.claims.length,
	faults: everything.faults.length,
	healthy: everything.healthy.length,
};

test.each([
	["nothing", {}, { ...whole, faults: 0 }],
	["faults", { faults: true }, { ...whole, claims: 0, healthy: 0 }],
	["healthy ones", { healthy: true }, { ...whole, claims: 0, faults: 0 }],
	["all", { all: true }, whole],
])("%s asked for", (_, asked, expected) => {
	expect(count(asked)).toEqual(expected);
});

test("a name is found whatever its kind", () => {
	const one = { claims: 0, faults: 0, healthy: 0 };
	expect(count({}, "anonymous-access")).toEqual({ ...one, claims: 1 });
	expect(count({}, "wal-removed-at-start")).toEqual({ ...one, faults: 1 });
	expect(count({}, "quiet-prometheus")).toEqual({ ...one, healthy: 1 });
	expect(count({}, "damaged-wal").faults).toBeGreaterThanOrEqual(3);
});

test("a name of another kind than is asked for is bad input", () => {
	expect(() => count({ healthy: true }, "anonymous-access")).toThrow(
		BadInputError,
	);
	expect(() => count({}, "no-such-thing")).toThrow("no-such-thing");
});
