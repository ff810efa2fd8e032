import { expect, test } from "vitest";
import { parseHealthy, readHealthy } from "./healthy.ts";

test("every variation says why a homelab has it", async () => {
	const all = await readHealthy();
	expect(all.length).toBeGreaterThan(0);
	for (const { id, why } of all) expect(why, id).toMatch(/^[A-Z].*\.$/);
});

test("the comment may have several lines", () => {
	const text = "# Logs go to Loki,\n# where they only take room.\na: 1\n";
	expect(parseHealthy("x.yaml", text)).toEqual({
		id: "x",
		why: "Logs go to Loki, where they only take room.",
		values: { a: 1 },
	});
});

test.each([
	["no comment", "a: 1\n", "must begin with a comment"],
	[
		"a comment that says nothing",
		"# Fine.\na: 1\n",
		"must begin with a comment",
	],
	["no values", "# Everything is as the homelab has it.\n", "changes nothing"],
	["a list", "# Everything is as the homelab has it.\n- 1\n", "not a mapping"],
])("a file with %s is refused by name", (_, text, problem) => {
	const parse = () => parseHealthy("some.yaml", text);
	expect(parse).toThrow("some.yaml");
	expect(parse).toThrow(problem);
});
