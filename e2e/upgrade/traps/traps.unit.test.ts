import { expect, test } from "vitest";
import { kinds } from "../reasons.ts";
import { readTraps } from "./catalogue.ts";

const traps = await readTraps();

/** A trap is a pair of values; these need a repository, which repository/left-crds.unit.test.ts makes. */
const ofRepositories = ["crds-left-behind"];

test("every reason has a trap", () => {
	const trapped = new Set(
		traps.flatMap(({ expect: found, full }) => [
			...found.flatMap((each) => each.split(" > ")),
			...(full?.expect ?? []),
		]),
	);
	expect(Object.keys(kinds).filter((id) => !trapped.has(id))).toEqual(
		ofRepositories,
	);
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
