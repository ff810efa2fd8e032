import { describe } from "vitest";
import { whyNotAllPools } from "./apps/apps-targets.ts";
import { markCanaries } from "./apps/canaries.ts";
import { test } from "./apps/fixtures.ts";
import { findExceptions } from "./apps/pool-relabelling.ts";
import { activeTargetsOf, whyNotDropped } from "./apps/sightings.ts";
import {
	querySampleValues,
	readSampleValues,
	whyNotInBulk,
} from "./apps/stored-samples.ts";
import { findWrongLabels } from "./apps/target-labels.ts";
import { findWider } from "./apps/wider-selection.ts";
import { budgets } from "./common/budgets.ts";
import { eventually, notYet } from "./common/eventually.ts";
import { waitForPrometheusConfig } from "./harness/readiness/prometheus-config.ts";
import { findWrongTimings } from "./scraping/target-timing.ts";

describe("a pod opts in to being scraped with a label and a port's name", {
	tags: ["ignores-grafana", "ignores-secrets", "upgrade"],
}, () => {
	for (const key of ["metrics", "httpMetrics"] as const) {
		test.concurrent(`a labelled pod in a new namespace is scraped at its port ${key === "metrics" ? "metrics" : "http-metrics"}, and its value can be queried`, async ({
			pods,
			waitUntilScraped,
			prometheus,
			expect,
		}) => {
			const pod = pods[key];
			await waitUntilScraped(key);
			// A target is up a moment before its samples can be queried.
			const values = await eventually(
				`the value of pod ${pod.name} can be queried`,
				budgets.request,
				() => readSampleValues(prometheus, pod),
			);
			const { namespace, name, value } = pod;
			expect(values).toEqual([{ namespace, pod: name, value }]);
		});
	}

	for (const tier of ["small", "medium", "large"] as const) {
		test.concurrent(`the pod of a labelled Deployment on tier ${tier} is scraped, and its thousand samples are stored`, async ({
			pods,
			waitUntilScraped,
			prometheus,
		}) => {
			const pod = pods[tier];
			await waitUntilScraped(tier);
			// A target is up a moment before its samples can be queried.
			await eventually(
				`all samples of pod ${pod.name} are stored`,
				budgets.request,
				() => whyNotInBulk(prometheus, pod),
			);
		});

		test.concurrent(`the target of a Deployment's pod on tier ${tier} has the pod's labels and its pool's interval`, async ({
			pods,
			waitUntilScraped,
			prometheus,
			expect,
		}) => {
			const pod = pods[tier];
			await waitUntilScraped(tier);
			const { active } = await prometheus.targets({ state: "active" });
			const targets = activeTargetsOf({ active }, pod);
			const { scrape_configs } = await prometheus.config();
			expect(targets).toHaveLength(1);
			expect([
				...targets.flatMap((each) => findWrongLabels(each, pod, active)),
				...findWrongTimings(targets, scrape_configs),
			]).toEqual([]);
		});
	}

	for (const [key, why] of [
		["unlabelled", "without the label"],
		["optedOut", 'labelled "false"'],
		["otherPort", "with another port's name"],
	] as const) {
		test.concurrent(`a pod ${why} is discovered and dropped`, async ({
			pods,
			waitUntilScraped,
			kube,
			prometheus,
			readTargets,
			annotate,
			expect,
		}) => {
			const refused = pods[key];
			// One for each port that pods are scraped at, because each is a pool of its own.
			const canaries = [pods.metrics, pods.httpMetrics];
			const mark = await markCanaries(kube, canaries, refused);
			const { incomplete } = await eventually(
				`Prometheus drops pod ${refused.name}`,
				budgets.scrapeInterval,
				async () => {
					const targets = await readTargets();
					return whyNotDropped(targets, refused, mark) ?? targets;
				},
			);
			for (const [pool, why] of incomplete)
				await annotate(
					`${pool} may not list the pod as dropped because ${why}: a later change of a scraped pod, which it has discovered, shows that it has dropped the pod`,
				);
			// A pod that was planted with it has been scraped by now: by any path, so would this one have been.
			await waitUntilScraped("metrics");
			expect(
				activeTargetsOf(await prometheus.targets({ state: "active" }), refused),
			).toEqual([]);
			expect(await querySampleValues(prometheus, refused)).toEqual([]);
		});
	}

	test.concurrent("only the label and the port's name decide whether a pod is scraped", async ({
		kube,
		readTargets,
		environment,
		expect,
	}) => {
		await waitForPrometheusConfig(kube, environment.namespace);
		// Its scrape pools follow some seconds after the configuration.
		const { pools, configs } = await eventually(
			"PodMonitor o11y-apps has the scrape pools of the loaded configuration",
			budgets.request,
			async () => {
				const targets = await readTargets();
				return whyNotAllPools(targets) ?? targets;
			},
		);
		expect(
			[...findExceptions(pools, configs), ...findWider(pools, configs)],
			"by what its pools tell apart pods, and what they take",
		).toEqual([]);
	});

	test.concurrent("a deleted pod's target goes away", async ({
		pods,
		waitUntilScraped,
		kube,
		prometheus,
	}) => {
		const { doomed } = pods;
		await waitUntilScraped("doomed");
		const { namespace, name } = doomed;
		await kube.delete([{ apiVersion: "v1", kind: "Pod", namespace, name }]);
		await eventually(
			`the target of pod ${doomed.name} is gone`,
			budgets.scrapeInterval,
			async () => {
				const targets = await prometheus.targets({ state: "active" });
				const [left] = activeTargetsOf(targets, doomed);
				if (left)
					return notYet(
						`${left.scrapeUrl} is still in ${left.scrapePool}, ${left.health}`,
					);
			},
		);
	});
});
