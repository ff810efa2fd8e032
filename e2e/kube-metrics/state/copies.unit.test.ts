import { expect, test } from "vitest";
import { copiesOf, describeReplicas } from "./copies.ts";

test("copies are counted for each job by themselves", () => {
	expect(copiesOf("up == 1", ["namespace", "pod"])).toBe(
		"max by (namespace, pod) (count by (job, namespace, pod) (group by (job, instance, namespace, pod) (up == 1)))",
	);
});

test("a pool with several pods is told, one with several ports of a pod is not", () => {
	const scrape = (scrapePool: string, ...pods: readonly string[]) =>
		pods.map((pod) => ({ scrapePool, labels: { pod } }));
	expect(
		describeReplicas({
			targets: [...scrape("own", "a", "b"), ...scrape("annotated", "a", "a")],
		}),
	).toEqual([
		"pool own scrapes 2 pods of kube-state-metrics, and unless they are shards each reports on every object",
	]);
});
