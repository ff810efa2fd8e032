import { expect, test } from "vitest";
import {
	describeNarrowing,
	readConsistencyDelay,
	startsAfter,
	whyTooShort,
} from "./arguments.ts";

const now = Date.parse("2026-05-01T12:00:00Z");

test.each([
	["no limit", []],
	["a day", ["--min-time=-1d"]],
	["what is cut and uploaded", ["--min-time=-3h1m"]],
	["a moment long ago", ["--min-time=2026-01-01T00:00:00Z"]],
	["the last one of several", ["--min-time=-2h", "--min-time=-6h"]],
])("a sidecar that answers %s has all that is not uploaded", (_, args) => {
	expect(whyTooShort(args, "2h", now)).toBeUndefined();
});

test.each(["-2h", "-3h", "-10s", "2026-05-01T10:00:00Z", "0s"])(
	"a sidecar from %s on leaves a hole",
	(time) => {
		expect(whyTooShort([`--min-time=${time}`], "2h", now)).toBe(
			`blocks of 2h are cut when their oldest sample is 3h old, and are uploaded within 30s; until then only the sidecar has them, but it is started with --min-time=${time}`,
		);
	},
);

test("longer blocks are waited for longer", () => {
	expect(whyTooShort(["--min-time=-6h"], "6h", now)).toMatch(/is 9h old/);
});

test("arguments that narrow what is read are named", () => {
	expect(
		describeNarrowing([
			"compact",
			"--wait",
			"--selector.relabel-config=[]",
			"--max-time=-6d",
		]),
	).toBe("; it is started with --selector.relabel-config=[] --max-time=-6d");
	expect(describeNarrowing(["compact", "--wait"])).toBe("");
	expect(
		describeNarrowing(["--query.replica-label=instance"], "the query"),
	).toBe("; the query is started with --query.replica-label=instance");
});

test("a store gateway leaves out what is older than its first moment", () => {
	const args = ["--min-time=-30d"];
	const day = 86_400_000;
	expect(startsAfter(args, now - 31 * day, now)).toBe(true);
	expect(startsAfter(args, now - 29 * day, now)).toBe(false);
	expect(startsAfter([], now - 1000 * day, now)).toBe(false);
});

test("a compactor waits 30 minutes until it reads a block, if it is told nothing else", () => {
	expect(readConsistencyDelay(["--consistency-delay=0s"])).toBe(0);
	expect(readConsistencyDelay(["compact"])).toBe(1_800_000);
});
