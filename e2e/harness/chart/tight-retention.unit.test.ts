import { expect, test } from "vitest";
import { findTightRetention } from "./tight-retention.ts";

function makePrometheus(retentionSize: string, storage?: string): string {
	return JSON.stringify({
		apiVersion: "monitoring.coreos.com/v1",
		kind: "Prometheus",
		metadata: { name: "p", namespace: "monitoring" },
		spec: {
			retentionSize,
			...(storage && {
				storage: {
					volumeClaimTemplate: {
						spec: { resources: { requests: { storage } } },
					},
				},
			}),
		},
	});
}

test.each([
	["8GB", "8Gi"],
	["8GB", "9Gi"],
	["7GB", "8G"],
	["80GB", "8Gi"],
	["7GiB512MiB", "8Gi"],
	["1EB", "1E"],
])("%s on a claim of %s is told", (size, claim) => {
	const [told, ...others] = findTightRetention(makePrometheus(size, claim));
	expect(told).toContain(
		`Prometheus/monitoring/p keeps up to ${size} on a claim of ${claim}`,
	);
	expect(others).toEqual([]);
});

test.each([
	["6.8GB", "8Gi"],
	["8GB", "10Gi"],
	["500KB", "1e9"],
	["8GB", "1Ei"],
	["0", "8Gi"],
	["", "8Gi"],
	["eight", "8Gi"],
	["8GB", undefined],
])("%j on a claim of %s is not", (size, claim) => {
	expect(findTightRetention(makePrometheus(size, claim))).toEqual([]);
});

test("the most that leaves room is named, and leaves room", () => {
	const [told] = findTightRetention(makePrometheus("8GB", "8Gi"));
	const most = /at most (\S+) leave/.exec(told ?? "")?.[1] ?? "";
	expect(most).toBe("6963MB");
	expect(findTightRetention(makePrometheus(most, "8Gi"))).toEqual([]);
});
