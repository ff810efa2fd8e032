import { expect, test } from "vitest";
import { timeOfUlid, ulidPrefixOf } from "./ulid.ts";

/** The ULID specification's own example, and its time. */
const ulid = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
const made = 1469922850259;

test("a ULID has the time when it was made", () => {
	expect(timeOfUlid(ulid)).toBe(made);
});

test("a block sorts after the time at which it was made, and before the next", () => {
	expect(ulidPrefixOf(made)).toBe(ulid.slice(0, 10));
	expect(ulid > ulidPrefixOf(made)).toBe(true);
	expect(ulid < ulidPrefixOf(made + 1)).toBe(true);
	expect(ulidPrefixOf(0)).toBe("0000000000");
});
