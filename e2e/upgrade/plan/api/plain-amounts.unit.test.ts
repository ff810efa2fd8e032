import { expect, test } from "vitest";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { at } from "../charts/fields.ts";
import { plainDuration, withPlainAmounts } from "./plain-amounts.ts";

test.each([
	["60s", "1m"],
	["7d", "1w"],
	["24h", "1d"],
	["1h30m", "90m"],
	["0", "0s"],
])("%s is as long as %s", (one, other) => {
	expect(plainDuration(one)).toBe(plainDuration(other));
});

test.each([
	["1m", "1h"],
	["1m", "1ms"],
	["soon", "later"],
])("%s is not as long as %s", (one, other) => {
	expect(plainDuration(one)).not.toBe(plainDuration(other));
});

const memory = (written: unknown): Manifest => ({
	apiVersion: "v1",
	kind: "PersistentVolumeClaim",
	metadata: { name: "a" },
	spec: { resources: { requests: { storage: written } } },
});
const plainStorage = (written: unknown) =>
	at(withPlainAmounts(memory(written)), "spec.resources.requests.storage");

test.each([
	["20480Mi", "20Gi"],
	["1.5Gi", "1536Mi"],
	["1000m", 1],
	["0.5", "500m"],
	["1000M", "1G"],
	["1e9", "1G"],
	[1073741824, "1Gi"],
	["5GB", "5GB"],
])("%s is written as %s", (written, plain) => {
	expect(plainStorage(written)).toBe(plainStorage(plain));
	expect([plain, String(plain)]).toContain(plainStorage(written));
});

test("a gigabyte is less than a gibibyte", () => {
	expect(plainStorage("1G")).not.toBe(plainStorage("1Gi"));
});

const retentionSize = (apiVersion: string, size: string) =>
	at(
		withPlainAmounts({
			apiVersion,
			kind: "Prometheus",
			metadata: { name: "a" },
			spec: { retentionSize: size },
		}),
		"spec.retentionSize",
	);

test("Prometheus' own sizes are powers of two, and those of other kinds stay", () => {
	expect(retentionSize("monitoring.coreos.com/v1", "1024MB")).toBe("1GB");
	expect(retentionSize("monitoring.coreos.com/v1", "1GiB")).toBe("1GB");
	expect(retentionSize("example.org/v1", "1024MB")).toBe("1024MB");
});
