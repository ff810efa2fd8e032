import { expect, test } from "vitest";
import { describeStorageChange } from "./describe-storage.ts";

const claim = (storage: string, more = {}) => ({
	volumeClaimTemplate: {
		spec: { resources: { requests: { storage } }, ...more },
	},
});

test.each([
	[
		claim("20Gi"),
		claim("20GB"),
		[
			'storage.volumeClaimTemplate.spec.resources.requests.storage: "20Gi" → "20GB"',
		],
	],
	[
		claim("1Gi", { storageClassName: "longhorn" }),
		undefined,
		["from a volume claim of 1Gi of the class longhorn", "to nothing"],
	],
	[
		claim("1Gi"),
		{ emptyDir: { medium: "Memory" } },
		["from a volume claim of 1Gi", "to an emptyDir in memory"],
	],
	[{}, { emptyDir: {} }, ["from nothing", "to an emptyDir"]],
])("from %j to %j", (from, to, lines) => {
	expect(describeStorageChange(from, to)).toEqual(lines);
});
