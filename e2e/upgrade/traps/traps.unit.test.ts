import { expect, test } from "vitest";
import { readCases } from "../plan/cases/read-cases.ts";
import { kinds } from "../reason-kinds.ts";
import { readTraps } from "./catalogue.ts";

const traps = await readTraps();

/** A trap is a pair of charts; what only a tool brings is in a table of cases. */
const ofTools = new Set(
	readCases()
		.get("tools")
		?.flatMap(({ expect: found }) => found),
);

test("every reason has a trap, or a case with a tool", () => {
	const trapped = new Set(
		traps.flatMap(({ expect: found, full }) => [
			...found.flatMap((each) => each.split(" > ")),
			...(full?.expect ?? []),
		]),
	);
	expect(
		Object.keys(kinds).filter((id) => !trapped.has(id) && !ofTools.has(id)),
	).toEqual([]);
});

test("every trap has a reason, except the pairs that must give none", () => {
	const idle = traps
		.filter(({ expect: found, full }) => found.length === 0 && !full)
		.map(({ id }) => id);
	expect(idle).toEqual(["nothing-changes", "group-without-rules"]);
});

test("no two traps have one id", () => {
	const ids = traps.map(({ id }) => id);
	expect(new Set(ids).size).toBe(ids.length);
});
