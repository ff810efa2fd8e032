import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { z } from "zod";
import { projectPath } from "../../common/paths.ts";
import { summary, verdictOf } from "./summary.ts";

test("e2e/summary.schema.json is the schema of the summary", async () => {
	const file = projectPath("e2e/summary.schema.json");
	const committed: unknown = JSON.parse(await readFile(file, "utf8"));
	expect(committed).toEqual(z.toJSONSchema(summary));
});

test.each([
	[["proven", "skipped"], "proven"],
	[["corrected", "skipped"], "proven"],
	[["corrected", "refuted"], "refuted"],
	[["proven", "refuted", "inconclusive"], "refuted"],
	[["proven", "inconclusive"], "inconclusive"],
	[["skipped"], "inconclusive"],
	[[], "inconclusive"],
] as const)("of %j the verdict is %s", (statuses, verdict) => {
	expect(verdictOf(statuses.map((status) => ({ status })))).toBe(verdict);
});
