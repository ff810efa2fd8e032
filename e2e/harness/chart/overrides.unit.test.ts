import { expect, test } from "vitest";
import { parseOverrides, readOverrides } from "./overrides.ts";

test("a leaf's reason is the comment above it or above a key that contains it", () => {
	const text = `# about the file

a:
  # because of b
  b: 1
  c:
    # because of d
    d: x
# because of e
e:
  f: true
`;
	expect(parseOverrides(text)).toEqual([
		{ value: "a.b=1", reason: "because of b" },
		{ value: "a.c.d=x", reason: "because of d" },
		{ value: "e.f=true", reason: "because of e" },
	]);
});

test("every override of the project gives its reason", async () => {
	const overrides = await readOverrides();
	expect(overrides.length).toBeGreaterThan(0);
	expect(overrides.filter(({ reason }) => reason === "")).toEqual([]);
});
