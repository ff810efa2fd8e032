import { expect, test } from "vitest";
import { parseListing } from "./segments.ts";

test("files of the WAL are read in the order of their numbers", () => {
	const listing = [
		"00000009 0 1700000002",
		"00000010 32768 1700000003",
		"checkpoint.00000008 4096 1700000001",
		"",
	].join("\n");
	expect(parseListing(listing)).toEqual([
		{
			name: "checkpoint.00000008",
			number: 8,
			size: 4096,
			writtenAt: 1_700_000_001_000,
		},
		{ name: "00000009", number: 9, size: 0, writtenAt: 1_700_000_002_000 },
		{ name: "00000010", number: 10, size: 32768, writtenAt: 1_700_000_003_000 },
	]);
});
