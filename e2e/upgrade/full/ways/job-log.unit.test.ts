import { expect, test } from "vitest";
import { lastWordsOfJob } from "./job-log.ts";
import { startStandInCluster } from "./stand-in/cluster.ts";

const job = { name: "a", namespace: "monitoring" };
const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "a-x" } };

test.each([
	["one\ntwo\n", "one; two"],
	["", ""],
	[
		'applying\nerror: Apply failed with 1 conflict: conflict with "helm": .spec.versions\nPlease review the fields above--they currently have other managers.\nHere\nare\nthe\nways\nto resolve it\n',
		'error: Apply failed with 1 conflict: conflict with "helm": .spec.versions',
	],
])("of the log %j it is told: %s", async (log, words) => {
	const { kube } = await startStandInCluster([pod], log);
	expect(await lastWordsOfJob(kube, job)).toBe(words);
});

test("a job without a pod has said nothing", async () => {
	const { kube } = await startStandInCluster([]);
	expect(await lastWordsOfJob(kube, job)).toBe("");
});
