import { expect, test } from "vitest";
import { findListAgainst, makeScope } from "./scope.ts";

test("a list of namespaces, or of metrics, is named as the cause of what is missing", () => {
	expect(makeScope(["--port=8080", "--namespaces=monitoring"])).toEqual({
		cause: "kube-state-metrics runs with --namespaces=monitoring",
		leftOut: [],
	});
	expect(
		makeScope(["--metric-denylist=^kube_pod_", "--resources=pods"]).cause,
	).toBe(
		"kube-state-metrics runs with --metric-denylist=^kube_pod_ --resources=pods",
	);
});

test.each([
	[["--node=small"], "--node=small"],
	[["--shard=0", "--total-shards=2"], "--total-shards=2"],
	[["--shard", "0", "--total-shards", "2"], "--total-shards=2"],
	[["--custom-resource-state-only"], "--custom-resource-state-only"],
	[["--track-unscheduled-pods=true"], "--track-unscheduled-pods=true"],
	[["--namespaces", "media"], "--namespaces=media"],
])("%j is a part of everything", (args, told) => {
	expect(makeScope(["--port=8080", ...args]).cause).toBe(
		`kube-state-metrics runs with ${told}`,
	);
});

test("namespaces that a person leaves out are known", () => {
	expect(
		makeScope(["--namespaces-denylist=kube-system,sandbox"]).leftOut,
	).toEqual(["kube-system", "sandbox"]);
	expect(
		makeScope(["--namespaces=a", "--namespaces-denylist=b"]).leftOut,
	).toEqual([]);
});

test("one that reports on everything has nothing to explain", () => {
	expect(
		makeScope([
			"--port=8080",
			"--namespaces=",
			"--shard=0",
			"--total-shards=1",
			"--custom-resource-state-only=false",
			"--node",
			"--use-apiserver-cache",
		]),
	).toEqual({
		cause: undefined,
		leftOut: [],
	});
});

test.each([
	[["--metric-denylist=^kube_job_,^kube_pod_info$"], true],
	[["--metric-denylist", "kube_job_failed"], true],
	[["--metric-denylist=^kube_job_failed_"], false],
	[["--metric-allowlist=kube_pod_.+"], true],
	[["--metric-allowlist=kube_pod_.+,kube_job_.+"], false],
	[["--metric-allowlist=", "--resources=pods"], false],
])("%j keeps kube_job_failed from being exposed: %s", (args, isKept) => {
	expect(findListAgainst(args, "kube_job_failed") !== undefined).toBe(isKept);
});
