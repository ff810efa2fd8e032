import { expect, test } from "vitest";
import { parseManifests } from "../../../clients/api-server/manifests.ts";
import { findRandomChecksums, withoutChecksums } from "./checksums.ts";

const deployment = (...annotations: string[]) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: grafana
spec:
  template:
    metadata:
      annotations:
        other: a
${annotations.map((each) => `        ${each}\n`).join("")}    spec: {}
`;

/** A rendering without what differs in a second one. */
function stableOf(once: string, again: string): string {
	const objects = parseManifests(once);
	const random = findRandomChecksums(objects, parseManifests(again));
	return withoutChecksums(once, objects, random);
}

test("a checksum that differs each time is left out, and no other", () => {
	expect(
		stableOf(
			deployment("checksum/config: a", "checksum/secret: b"),
			deployment("checksum/config: a", "checksum/secret: c"),
		),
	).toBe(deployment("checksum/config: a"));
});

test("what is the same each time stays as it is", () => {
	const text = deployment("checksum/config: a");
	expect(stableOf(text, text)).toBe(text);
});
