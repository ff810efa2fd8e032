import { expect, test } from "vitest";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { findRandomChecksums, withoutChecksums } from "./checksums.ts";

const deployment = (annotations: Record<string, string>): Manifest => ({
	apiVersion: "apps/v1",
	kind: "Deployment",
	metadata: { name: "grafana", namespace: "monitoring" },
	spec: { template: { metadata: { annotations } } },
});

test("a checksum that differs each time is left out, and no other", () => {
	const once = deployment({ "checksum/config": "a", "checksum/secret": "b" });
	const again = deployment({ "checksum/config": "a", "checksum/secret": "c" });
	const random = findRandomChecksums([once], [again]);
	expect(withoutChecksums(once, random)).toEqual(
		deployment({ "checksum/config": "a" }),
	);
});

test("what is the same each time stays as it is", () => {
	const once = deployment({ "checksum/config": "a", other: "b" });
	const random = findRandomChecksums([once], [structuredClone(once)]);
	expect(random).toEqual(new Set());
	expect(withoutChecksums(once, random)).toBe(once);
});
