import { expect, test } from "vitest";
import { shrinks } from "./volume-claims.ts";

const make = (storage: unknown) => ({
	apiVersion: "v1",
	kind: "PersistentVolumeClaim",
	metadata: { name: "one" },
	spec: { resources: { requests: { storage } } },
});

test.each([
	["2Gi", "512Mi", true],
	["8Gi", "8G", true],
	["500Gi", "1Ei", false],
	["1Gi", "1073741824", false],
	["1Gi", 1073741824, false],
	["1e9", "1G", false],
	["10Gi", "5GB", false],
	["5GB", "10Gi", false],
	[undefined, "1Gi", false],
])("from %s to %s shrinks: %s", (from, to, expected) => {
	expect(shrinks(make(from), make(to))).toBe(expected);
});
