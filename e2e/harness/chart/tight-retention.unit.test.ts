import { expect, test } from "vitest";
import { monitoringV1 } from "../../clients/kube-objects.ts";
import { findTightRetention } from "./tight-retention.ts";

function makePrometheus(retentionSize: string, storage?: string): string {
	return JSON.stringify({
		apiVersion: monitoringV1,
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
])("%s on a volume claim of %s is reported", (size, storage) => {
	const [warning, ...others] = findTightRetention(
		makePrometheus(size, storage),
	);
	expect(warning).toContain(
		`Prometheus/monitoring/p keeps up to ${size} on a volume claim of ${storage}`,
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
])("%j on a volume claim of %s is not", (size, storage) => {
	expect(findTightRetention(makePrometheus(size, storage))).toEqual([]);
});

test("the largest size that leaves room is named, and is not reported itself", () => {
	const [warning] = findTightRetention(makePrometheus("8GB", "8Gi"));
	const most = /at most (\S+) leaves/.exec(warning ?? "")?.[1] ?? "";
	expect(most).toBe("6963MB");
	expect(findTightRetention(makePrometheus(most, "8Gi"))).toEqual([]);
});
