import { sumBy } from "es-toolkit";
import { describe, expect } from "vitest";
import { lookBetweenCuts } from "./blocks/between-cuts.ts";
import { formatMoment } from "./common/time-range.ts";
import { findFlaws } from "./ledger/checker.ts";
import { describeSample, timesOf } from "./ledger/history.ts";
import { waitForDroppedBlock } from "./retention/dropped-block.ts";
import { makeUniqueName } from "./test.ts";
import { waitForCompactor } from "./thanos/compactor.ts";
import { findExpiringRules } from "./thanos/expiring-blocks.ts";
import { findChangedLabels, whyOtherSeries } from "./thanos/external-labels.ts";
import { asEntries, test } from "./thanos/fixtures.ts";
import { readHidingSettings } from "./thanos/hiding-settings.ts";
import { hour, queryHourlyCounts } from "./thanos/hourly-counts.ts";
import { listUnmarked, readMarks } from "./thanos/marks.ts";
import { readOnlySeries } from "./thanos/only-series.ts";
import { findShortSidecars, waitForManySeries } from "./thanos/sidecar.ts";
import {
	waitForStores,
	waitUntilAnnounced,
	waitUntilStored,
} from "./thanos/stores.ts";

describe("a query through Thanos spans what only Prometheus has and what only MinIO has", {
	tags: ["ignores-grafana", "ignores-secrets", "needs-thanos"],
}, () => {
	test("it asks the sidecar of each Prometheus and a store gateway, and all answer", ({
		thanos,
		replicas,
		blocks: _,
	}) => waitForStores(thanos, replicas.length));

	test("no setting shows gaps, or hides what tells series apart", async ({
		prometheus,
		local,
		told,
	}) => {
		const found = await readHidingSettings(prometheus, local.pod, told);
		expect(found).toEqual([]);
	});

	test("each sidecar answers all that is not in MinIO yet, and as many series as a page reads", async ({
		thanos,
		prometheus,
		replicas,
		environment,
		local,
		told,
		blocks: _,
	}) => {
		const pods = replicas.map(({ pod }) => pod);
		expect(
			findShortSidecars(pods, environment.asWritten.blockSize),
			"what only Prometheus has is in a long-term query, too, but",
		).toEqual([]);
		const run = makeUniqueName(environment);
		await waitForManySeries(thanos, prometheus, local.pod, run, told.query);
	});

	test("every sample of a block a year old is answered", async ({
		blocks,
		thanos,
		local,
		told,
		annotate,
	}) => {
		const { selector, sampleCount, minTime, maxTime } = await blocks.old;
		const first = formatMoment(minTime);
		await waitUntilAnnounced(thanos, await blocks.old, local.pod, told.store);
		const began = performance.now();
		const [total] = await thanos.query(
			`sum(count_over_time(${selector}[2h]))`,
			maxTime - 1,
		);
		expect(total?.value.value, `samples of the two hours from ${first}`).toBe(
			sampleCount,
		);
		await annotate(
			`${sampleCount} samples of ${first} were answered in ${((performance.now() - began) / 1000).toFixed(1)} s`,
		);
	});

	test("one query spans the year from that block to now", async ({
		blocks,
		ledger,
		thanos,
		prometheus,
		environment,
	}) => {
		const { firstExternalLabels } = environment;
		const { global } = await prometheus.config();
		expect(
			findChangedLabels(firstExternalLabels, global.external_labels),
			"external labels that have changed",
		).toEqual([]);
		const { minTime, maxTime, ledgerSamples } = await blocks.old;
		const to = ledger.history.newest.timestamp;
		const [found, ...others] = await queryHourlyCounts(
			thanos,
			ledger.series,
			firstExternalLabels,
			{ minTime, maxTime: to },
		);
		expect(others).toEqual([]);
		const old = found?.values.filter(
			({ timestamp }) => timestamp <= maxTime + hour,
		);
		expect(
			sumBy(old ?? [], ({ value }) => value),
			"samples of the block a year old",
		).toBe(ledgerSamples);
		const last = found?.values.at(-1)?.timestamp;
		expect(
			last === undefined ? "none" : formatMoment(last),
			"the newest sample",
		).toBe(formatMoment(to));
	});

	test("the compactor reads every block, keeps it and finds no trouble, and the object store keeps it, too", async ({
		blocks,
		bucket,
		ledger,
		kube,
		environment,
	}) => {
		expect(findExpiringRules(await bucket.lifecycle())).toEqual([]);
		const { ulid: old } = await blocks.old;
		const [aged, cut] = await Promise.all([blocks.aged, blocks.cut]);
		const since = ledger.history.startedAt;
		const uploaded = await listUnmarked(bucket, since);
		expect(uploaded, "blocks for the compactor").toContain(aged.ulid);
		expect(uploaded, "blocks for the compactor").toContain(cut.ulid);
		await waitForCompactor(
			kube,
			environment.namespace,
			await Promise.all(uploaded.map((each) => bucket.meta(each))),
		);
		expect(
			(await readMarks(bucket))
				.filter(({ at }) => at >= since)
				.map(({ kind, block, details }) => `${kind} of ${block}: ${details}`),
			"blocks that it has marked",
		).toEqual([]);
		expect(await bucket.has(old), `block ${old}, a year old, is there`).toBe(
			true,
		);
	});

	test("a block older than the retention is gone from Prometheus and still answered", async ({
		blocks,
		thanos,
		prometheus,
		nodes,
		local,
	}) => {
		const aged = await blocks.aged;
		const { selector, samples, answered, maxTime } = aged;
		const written = samples.map(describeSample);
		const had = answered.map(describeSample);
		expect(had, "what Prometheus had of it").toEqual(written);
		await waitForDroppedBlock(prometheus, nodes, local, aged);
		expect(
			await prometheus.rawSamples(selector, "10m", maxTime),
			"what Prometheus has of it",
		).toEqual([]);
		const found = await thanos.rawSamples(selector, {
			from: maxTime - 600_000,
			to: maxTime,
		});
		const shown = found.map(({ values }) => values.map(describeSample));
		expect(shown).toEqual([written]);
	});

	test("every sample of the ledger is there once", async ({
		blocks,
		ledger,
		thanos,
		prometheus,
		nodes,
		local,
		told,
		annotate,
	}) => {
		const [aged, cut] = await Promise.all([blocks.aged, blocks.cut]);
		const old = await blocks.old;
		const { selector } = ledger;
		const { sidecar, store } = await waitUntilStored(
			thanos,
			selector,
			cut,
			local.pod,
			told.store,
		);
		// What is cut and uploaded between two questions is no longer only local.
		const { newest, inStore, inSidecar, found } = await lookBetweenCuts(
			nodes,
			local,
			async () => {
				const { newest } = ledger.history;
				const to = newest.timestamp;
				// The year-old block's samples have their own test; a long retention reaches back to them.
				const range = { from: aged.maxTime - 600_000, to, without: old };
				const ask = (only?: readonly string[]) =>
					readOnlySeries(thanos, selector, { ...range, only });
				return {
					newest,
					inStore: await ask(store.names),
					inSidecar: await ask(sidecar.names),
					found: await ask(),
				};
			},
		);

		// As a panel gets it.
		const shown = await thanos.query(selector, newest.timestamp);
		const { external_labels } = (await prometheus.config()).global;
		const why = whyOtherSeries(
			shown,
			ledger.series,
			external_labels,
			local.pod,
		);
		expect(why).toBeUndefined();
		const written = [
			...asEntries(aged),
			...ledger.history.entries.filter(
				({ timestamp }) => timestamp <= newest.timestamp,
			),
		];
		const series = found ? [found] : [];
		expect(findFlaws({ written, series })).toEqual([]);

		const stored = timesOf(inStore);
		const held = timesOf(inSidecar);
		const both = stored.intersection(held);
		expect(
			[...timesOf(aged.samples).difference(stored)].map(formatMoment),
			"samples of the dropped block that the store gateway lacks",
		).toEqual([]);
		expect(both.size, "samples that both have").toBeGreaterThan(0);
		const has = (times: Set<number>) => times.has(newest.timestamp);
		expect(
			{ "the store gateway": has(stored), "the sidecar": has(held) },
			`who has the sample of ${formatMoment(newest.timestamp)}, which is not uploaded yet`,
		).toEqual({ "the store gateway": false, "the sidecar": true });
		await annotate(
			`of ${found?.length} samples, ${stored.size - both.size} were only in MinIO, ${both.size} in both, ${held.size - both.size} only in Prometheus`,
		);
	});
});
