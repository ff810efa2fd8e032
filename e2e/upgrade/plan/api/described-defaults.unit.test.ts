import { expect, test } from "vitest";
import { describedDefault } from "./described-defaults.ts";

test.each([
	['Default: "prometheus"', "string", "prometheus"],
	["Default: 1", "integer", 1],
	["Defaults to 600 seconds.", "integer", 600],
	["Defaults to `web`.", "string", "web"],
	["Default is RollingUpdate.", "string", "RollingUpdate"],
	['If not specified, \\"Always\\" is used.', "string", "Always"],
	["Defaults to the name of the Service.", "string", undefined],
	['Default: "24h" if `spec.retention` is empty.', "string", undefined],
	["Defaults to `alertmanager-<alertmanager-name>`.", "string", undefined],
	["Defaults to false.", "boolean", false],
	["Defaults to 1.", "object", undefined],
])("%s says about a %s: %s", (description, type, expected) => {
	expect(describedDefault(description, type)).toBe(expected);
});
