import { expect, test } from "vitest";
import { kindOfChange, pairTags } from "./image-versions.ts";

test.each([
	["v1.9.0", "v1.9.1", "image-changed"],
	["v2.53.5", "v3.5.0", "image-major-changed"],
	["9.5.5", "10.0.3", "image-major-changed"],
	["v0.27.0", "v0.28.0", "image-minor-of-0-changed"],
	["v0.27.0", "v0.27.1", "image-changed"],
	["v0.89.0", "v1.0.0", "image-major-changed"],
	["v1.3.0", "v20221220-controller-v1.5.1-58-g787ea74b6", "image-changed"],
	[
		"v20221220-controller-v1.5.1",
		"v20230312-helm-chart-4.5.2",
		"image-changed",
	],
	["v1.9.1", "v1.8.2", "image-downgraded"],
	["v1.9.1", "v1.9.2-distroless", "image-variant-changed"],
	["2024.12.1", "2025.1.0", "image-changed"],
	[
		"RELEASE.2024-01-01T00-00-00Z",
		"RELEASE.2025-01-01T00-00-00Z",
		"image-changed",
	],
	["v3.5.0", "v3.5.0-rc.1", "image-downgraded"],
	["v3.5.0-rc.1", "v3.5.0", "image-changed"],
	["v3.5.0-beta1", "v3.5.0-rc0", "image-changed"],
	["12.0.0", "12.0.0-alpine3.20", "image-variant-changed"],
	["12.0.0-alpine3.20", "12.0.1-alpine3.21", "image-changed"],
	["12.0.0-ubuntu", "12.0.1-debian12-r3", "image-variant-changed"],
	["latest", "v1.0.0", "image-changed"],
	["sha256:0123", "sha256:4567", "image-changed"],
	["1", "2", "image-major-changed"],
	["12.3.1", "12.3.2-security-01", "image-changed"],
	["release-1.2.3", "release-2.0.0", "image-major-changed"],
	["release-1.2", "release-1.3", "image-changed"],
	["kustomize-v4.5.7", "kustomize-v5.0.0", "image-major-changed"],
	["1.2.3.4", "2.0.0.1", "image-major-changed"],
	["build-45", "build-46", "image-changed"],
	["nightly-2025-01-02", "nightly-2026-01-02", "image-changed"],
	["sha-1a2b3c4", "sha-2a2b3c4", "image-changed"],
	["v1.0.0@sha256:01", "v1.0.0@sha256:02", "image-changed"],
	["v1.0.0@sha256:01", "v2.0.0@sha256:02", "image-major-changed"],
])("from %s to %s: %s", (from, to, expected) => {
	expect(kindOfChange(from, to)).toBe(expected);
});

test.each([
	[["v1"], ["v2"], ["v1 v2"]],
	[["v1", "v2"], ["v1", "v3"], ["v2 v3"]],
	[
		["v1", "v2"],
		["v3", "v4"],
		["v1 v3", "v2 v4"],
	],
	[
		["v1.0", "v10.0"],
		["v10.1", "v1.1"],
		["v1.0 v1.1", "v10.0 v10.1"],
	],
	[["v1"], ["v1", "v2"], ["v1 v2"]],
	[["v1.0", "v2.0"], ["v1.0", "v2.0", "v2.1"], ["v2.0 v2.1"]],
	[["v1", "v2"], ["v2"], []],
])("%s that become %s: %s", (before, after, expected) => {
	expect(pairTags(before, after).map((each) => each.join(" "))).toEqual(
		expected,
	);
});
