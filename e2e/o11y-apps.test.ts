import { describe } from "vitest";
import { test } from "./apps/fixtures.ts";
import {
	activeTargetsOf,
	describeDropped,
	describeScraped,
	readAppsTargets,
	readValues,
} from "./apps/sightings.ts";
import { budgets } from "./common/budgets.ts";
import { eventually } from "./common/eventually.ts";

/** The pods are planted within the first test's time, whichever that is. */
const _planting = budgets.rollout + budgets.request;

describe("a pod opts in to being scraped with a label and a port's name", {
	tags: ["upgrade"],
}, () => {
	for (const key of ["metrics", "httpMetrics"] as const) {
		test.concurrent(`a labelled pod in a new namespace is scraped at its port ${key === "metrics" ? "metrics" : "http-metrics"}, and its value can be queried`, async ({
			pods,
			prometheus,
			expect,
		}) => {
			const pod = pods[key];
			await eventually(
				`pod ${pod.name} is scraped`,
				budgets.scrapeInterval,
				() => prometheus.targets({ state: "active" }),
				(targets) => describeScraped(targets, pod),
			);
			// A target is up a moment before its samples can be queried.
			const values = await eventually(
				`the value of pod ${pod.name} can be queried`,
				budgets.request,
				() => readValues(prometheus, pod),
				({ length }) => length > 0 || "it has no series",
			);
			const { namespace, name, value } = pod;
			expect(values).toEqual([{ namespace, pod: name, value }]);
		});
	}

	for (const [key, why] of [
		["unlabelled", "without the label"],
		["optedOut", 'labelled "false"'],
		["otherPort", "with another port's name"],
	] as const) {
		test.concurrent(`a pod ${why} is found and dropped`, async ({
			pods,
			prometheus,
			expect,
		}) => {
			const refused = pods[key];
			await eventually(
				`Prometheus drops pod ${refused.name}`,
				budgets.scrapeInterval,
				() => readAppsTargets(prometheus),
				(targets) => describeDropped(targets, refused),
			);
			// Its neighbour, planted with it, has come all the way: so would it have, by any way there is.
			await eventually(
				`pod ${pods.metrics.name} is scraped`,
				budgets.scrapeInterval,
				() => prometheus.targets({ state: "active" }),
				(targets) => describeScraped(targets, pods.metrics),
			);
			expect(
				activeTargetsOf(await prometheus.targets({ state: "active" }), refused),
			).toEqual([]);
			expect(await readValues(prometheus, refused)).toEqual([]);
		});
	}

	test.concurrent("a deleted pod's target goes away", async ({
		pods,
		kube,
		prometheus,
	}) => {
		const { doomed } = pods;
		await eventually(
			`pod ${doomed.name} is scraped`,
			budgets.scrapeInterval,
			() => prometheus.targets({ state: "active" }),
			(targets) => describeScraped(targets, doomed),
		);
		await kube.delete([{ apiVersion: "v1", kind: "Pod", ...doomed }]);
		await eventually(
			`the target of pod ${doomed.name} is gone`,
			budgets.scrapeInterval,
			async () =>
				activeTargetsOf(await prometheus.targets({ state: "active" }), doomed),
			([target]) =>
				target === undefined ||
				`${target.scrapeUrl} is still in ${target.scrapePool}, ${target.health}`,
		);
	});
});
