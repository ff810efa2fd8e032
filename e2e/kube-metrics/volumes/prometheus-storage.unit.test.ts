import { expect, test } from "vitest";
import {
	describeOlderVolumeClaim,
	findStorageFlaws,
} from "./prometheus-storage.ts";

const good = { size: "8Gi", storageClass: "longhorn" };

test.each([
	[good, good],
	[undefined, good],
	[
		{ size: "8G", storageClass: undefined },
		{ ...good, size: "10Gi" },
	],
	[{ size: undefined, storageClass: undefined }, good],
])("8 GB or more on longhorn are as promised: %o, %o", (template, inUse) => {
	expect(findStorageFlaws(template, inUse)).toEqual([]);
});

test("a volume claim of another size or class breaks the promise", () => {
	expect(
		findStorageFlaws(undefined, {
			size: "7.4Gi",
			storageClass: "longhorn-static",
		}),
	).toEqual([
		`"Storage: 8 GB PVC on Longhorn": Prometheus' volume claim asks for 7.4Gi`,
		`"Storage: 8 GB PVC on Longhorn": Prometheus' volume claim asks for StorageClass longhorn-static, not longhorn`,
	]);
	expect(
		findStorageFlaws(undefined, { size: undefined, storageClass: undefined }),
	).toHaveLength(2);
});

test("so does a template whose volume claim is older than it", () => {
	expect(
		findStorageFlaws({ size: "4Gi", storageClass: "local-path" }, good),
	).toEqual([
		expect.stringMatching(
			/the volumeClaimTemplate of the Prometheus object, .* asks for 4Gi$/,
		),
		expect.stringMatching(/asks for StorageClass local-path, not longhorn$/),
	]);
});

test("another size than that in use is told", () => {
	expect(describeOlderVolumeClaim({ ...good, size: "10Gi" }, good)).toMatch(
		"asks for 10Gi, its volume claim still for 8Gi",
	);
	expect(
		describeOlderVolumeClaim({ ...good, size: "8192Mi" }, good),
	).toBeUndefined();
	expect(describeOlderVolumeClaim(undefined, good)).toBeUndefined();
});
