import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { at } from "../charts/fields.ts";
import { builtInSchema } from "./built-in-schemas.ts";
import { fieldsUnknownTo, newestRelease } from "./newer-fields.ts";

test("the schemas are those of the newest release", () => {
	const model = new URL(
		"gen/models/V1Pod.d.ts",
		import.meta.resolve("@kubernetes/client-node"),
	);
	expect(readFileSync(model, "utf8")).toContain(`release-1.${newestRelease}`);
});

test.each([...fieldsUnknownTo("1.20.0")])("%s is a field", (field) => {
	const [, version = "", kind = "", name = ""] =
		/^V(\d)(\w+)\.(\w+)$/.exec(field) ?? [];
	const properties = ["properties", name];
	expect(at(builtInSchema(`apps/v${version}`, kind), properties)).toBeDefined();
	expect(
		at(
			builtInSchema(`apps/v${version}`, kind, fieldsUnknownTo("1.20.0")),
			properties,
		),
	).toBeUndefined();
});

test.each([
	["1.29.9", true],
	["1.30.0", false],
	["1.36.0", false],
	["1.99.0", false],
])("%s does not know trafficDistribution: %s", (cluster, expected) => {
	expect(
		fieldsUnknownTo(cluster).has("V1ServiceSpec.trafficDistribution"),
	).toBe(expected);
});
