import { expect, test } from "vitest";
import { expandVariables } from "./envsubst.ts";

const known: Readonly<Record<string, string>> = {
	D: "a.b.example.org",
	E: "",
	V: "v80.1.0",
};
const expand = (inner: string) =>
	expandVariables(`<\${${inner}}>`, (name) =>
		name === "SECRET"
			? { text: "placeholder-secret", isPlaceholder: true }
			: { text: known[name] ?? "", isPlaceholder: false },
	).slice(1, -1);

test.each([
	["D", "a.b.example.org"],
	["NONE", ""],
	["D//./-", "a-b-example-org"],
	["D/./-", "a-b.example.org"],
	["D//.", "abexampleorg"],
	["D/#a/x", "x.b.example.org"],
	["D/#b/x", "a.b.example.org"],
	["D/%org/com", "a.b.example.com"],
	["D^", "A.b.example.org"],
	["D^^", "A.B.EXAMPLE.ORG"],
	["D,,", "a.b.example.org"],
	["D#*.", "b.example.org"],
	["D##*.", "org"],
	["D%.*", "a.b.example"],
	["D%%.*", "a"],
	["D%x", "a.b.example.org"],
	["V#v", "80.1.0"],
	["V:1", "80.1.0"],
	["V:1:2", "80"],
	["V:-2", "v80.1.0"],
	["#V", "7"],
	["NONE:-x", "x"],
	["E:=x", "x"],
	["E=x", "x"],
	[`NONE:-\${D}`, "a.b.example.org"],
	[`NONE:-a-\${NONE:=\${V}}-b`, "a-v80.1.0-b"],
	["SECRET//./-", "placeholder-secret"],
	["not a variable", `\${not a variable}`],
	["D!x", `\${D!x}`],
])("of %s, %s is left", (inner, expected) => {
	expect(expand(inner)).toBe(expected);
});

test("what is escaped, and what ends in another line, is text", () => {
	const resolve = () => ({ text: "x", isPlaceholder: false });
	expect(expandVariables(`$\${A} \${A\n} $A`, resolve)).toBe(
		`\${A} \${A\n} $A`,
	);
});
