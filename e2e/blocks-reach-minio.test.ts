import { describe, expect } from "vitest";
import { lookBetweenCuts } from "./blocks/between-cuts.ts";
import { findMissingSignsOfCut } from "./blocks/cut.ts";
import { test } from "./blocks/fixtures.ts";
import { productionLength } from "./blocks/long-block.ts";
import { expectedObjects, withoutMeta } from "./blocks/stored-files.ts";
import { whyCompactedBefore } from "./blocks/uploaded-first.ts";
import { countFailedUploads } from "./blocks/uploads.ts";
import { type BlockMeta, isOutOfOrder } from "./clients/block-meta.ts";
import { timeOfUlid } from "./clients/ulid.ts";
import { budgets } from "./common/budgets.ts";
import { clusterNow } from "./common/clock/cluster-clock.ts";
import { formatDuration, parseDuration } from "./common/duration.ts";
import { eventually, notYet } from "./common/eventually.ts";
import { formatMoment, withMoments } from "./common/time-range.ts";
import { readLocalBlocks } from "./harness/cluster/prometheus-pod.ts";
import { dumpBlock } from "./ledger/block-dump.ts";
import { findFlaws } from "./ledger/checker.ts";
import { describeSample } from "./ledger/history.ts";
import { readFromBlock } from "./ledger/readers.ts";
import { waitForNumbers } from "./ledger/wait-for-numbers.ts";
import { describeRefusedSamples } from "./scraping/refused-samples.ts";

describe("a block that Prometheus cuts from its head reaches the object store", {
	tags: [
		"ignores-grafana",
		"ignores-node-exporter",
		"ignores-secrets",
		"upgrade",
	],
}, () => {
	test("time is compressed: a block is at most a minute long", async ({
		prometheus,
		uploads,
		sidecar,
		annotate,
	}) => {
		const before = await prometheus.metrics();
		const flags = await prometheus.flags();
		const length = flags["storage.tsdb.min-block-duration"] ?? "unknown";
		await annotate(
			`time is compressed: Prometheus cuts a block of ${length} at one and a half times that, not one of 2h after 3h`,
		);
		expect(
			parseDuration(length) / 1000,
			"seconds of a block: stack/values/test-overrides.yaml is not in force",
		).toBeLessThanOrEqual(60);
		expect(
			whyCompactedBefore(flags, sidecar.args),
			"Prometheus compacts no block that the sidecar is still to upload",
		).toBeUndefined();
		// Whether they arrive is tested below.
		await Promise.allSettled([uploads.cut, uploads.long]);
		await annotate(describeRefusedSamples(await prometheus.metrics(), before));
	});

	test("without the test, a block is cut every 2 hours", async ({
		environment,
		annotate,
	}) => {
		const { blockSize, compactsLocally } = environment.asWritten;
		if (compactsLocally)
			await annotate(
				"without the test, Prometheus compacts each block once it is uploaded; the test has to switch that off (disableCompaction), because blocks have no other length with it",
			);
		expect(
			formatDuration(parseDuration(blockSize)),
			'"Every 2 hours, Prometheus cuts the head block": the length of a block in the values',
		).toBe(formatDuration(productionLength));
	});

	test("the sidecar uploads the complete block, as Prometheus describes it", async ({
		uploads,
		bucket,
		prometheus,
		ledger,
		metricsBefore,
		nodes,
		local,
	}) => {
		const uploaded = await uploads.cut;
		const blocks = await readLocalBlocks(nodes, local);
		const own = blocks.find((each) => each.ulid === uploaded.ulid);
		const { thanos, ...described } = uploaded;
		expect(
			withMoments(described),
			"meta.json, in the bucket and on Prometheus' disk",
		).toEqual(own && withMoments(own));
		expect(thanos?.source).toBe("sidecar");
		const { global } = await prometheus.config();
		expect(thanos?.labels).toEqual(global.external_labels);

		const objects = await bucket.list(`${uploaded.ulid}/`);
		const names = objects.map(({ name }) => name);
		expect(names).toContain(`${uploaded.ulid}/index`);
		expect(names).toContain(`${uploaded.ulid}/chunks/000001`);
		expect(withoutMeta(objects)).toEqual(expectedObjects(uploaded));

		// Prometheus' own word that it cut this block. That the block is of its head, the ledger's samples in it say.
		await eventually(
			`Prometheus has cut block ${uploaded.ulid} itself`,
			budgets.request,
			async () => {
				const { headStats } = await prometheus.tsdbStatus();
				const missing = findMissingSignsOfCut(uploaded, {
					before: metricsBefore,
					after: await prometheus.metrics(),
					headMinTime: headStats.minTime,
					since: ledger.history.startedAt,
				});
				if (missing.length > 0) return notYet(missing.join("; "));
			},
		);
	});

	test("the samples in the uploaded block equal the ledger", async ({
		uploads,
		ledger,
		bucket,
		tools,
	}) => {
		const uploaded = await uploads.cut;
		const reading = await readFromBlock({ bucket, tools }, uploaded, ledger);
		expect(findFlaws(reading)).toEqual([]);
	});

	test("what is not yet cut is not in the bucket", async ({
		uploads,
		ledger,
		bucket,
		prometheus,
		nodes,
		local,
		replicas,
	}) => {
		const uploaded = await uploads.cut;
		const { newest, cut, strays, metas, stored } = await lookBetweenCuts(
			nodes,
			local,
			async () => {
				await waitForNumbers(ledger.history, clusterNow(), budgets.podRestart);
				const { newest } = ledger.history;
				const { timestamp } = newest;
				// A block that was made before the ledger has no number of it, and a kept cluster has many.
				const found = await bucket.blocks(ledger.history.startedAt);
				return {
					newest,
					metas: await Promise.all(found.map((each) => bucket.meta(each))),
					strays: await bucket.strays(ledger.history.startedAt),
					stored: await prometheus.rawSamples(ledger.selector, "1m", timestamp),
					cut: (
						await Promise.all(
							replicas.map((each) => readLocalBlocks(nodes, each)),
						)
					).flat(),
				};
			},
		);

		// Prometheus has the newest sample of the ledger in its head, not in a block; the bucket has it in none either.
		const { timestamp, sequence: value } = newest;
		const listLater = (blocks: readonly BlockMeta[]) =>
			blocks
				.filter((each) => each.maxTime > timestamp && !isOutOfOrder(each))
				.map(({ ulid, maxTime }) => `${ulid}, until ${formatMoment(maxTime)}`);
		expect(listLater(cut), "blocks with the newest sample").toEqual([]);
		expect(
			stored.flatMap(({ values }) => values.map(describeSample)),
			"samples that Prometheus has",
		).toContain(describeSample({ timestamp, value }));
		expect(listLater(metas), "uploads with the newest sample").toEqual([]);
		// What is uploaded was cut before.
		const known = new Set(cut.map((each) => each.ulid));
		expect([...known], "blocks on disk").toContain(uploaded.ulid);
		expect(metas.map((each) => each.ulid)).toContain(uploaded.ulid);
		expect(
			metas
				.filter(({ minTime }) => minTime >= uploaded.minTime)
				.map((each) => each.ulid)
				.filter((each) => !known.has(each)),
			"uploads of blocks that are not on disk",
		).toEqual([]);
		// Only blocks: no WAL, no head.
		expect(strays, "objects that belong to no block").toEqual([]);
	});

	test("the age of what only the local disk has is reported", async ({
		uploads,
		prometheus,
		annotate,
	}) => {
		const { minTime, ulid: name } = await uploads.cut;
		const flags = await prometheus.flags();
		const length = parseDuration(
			flags["storage.tsdb.min-block-duration"] ?? "unknown",
		);
		// Until the cut, no bucket had the oldest sample.
		const age = timeOfUlid(name) - minTime;
		const lengths = age / length;
		await annotate(
			`the oldest sample that no bucket had was ${(age / 1000).toFixed(1)} s old when Prometheus cut it off, ${lengths.toFixed(2)} times a block's length: of blocks of 2h, up to ${(2 * lengths).toFixed(1)} h live on the local disk only, not up to 2 h`,
			lengths > 1 ? "corrected" : "notice",
		);
		// Prometheus may have been away meanwhile.
		expect(
			age / 1000,
			"seconds until the oldest sample of the head was in a block",
		).toBeLessThanOrEqual((1.5 * length + budgets.podRestart) / 1000);
	});

	test("the same sidecar uploads a block of production length", async ({
		uploads,
		bucket,
		tools,
		prometheus,
	}) => {
		const { range, selector, samples, meta } = await uploads.long;
		expect(withMoments(meta)).toMatchObject({
			...withMoments(range),
			stats: { numSamples: samples.length, numSeries: 1 },
			thanos: { source: "sidecar" },
		});
		expect(formatDuration(meta.maxTime - meta.minTime)).toBe(
			formatDuration(productionLength),
		);
		const { global } = await prometheus.config();
		expect(meta.thanos?.labels).toEqual(global.external_labels);
		expect(withoutMeta(await bucket.list(`${meta.ulid}/`))).toEqual(
			expectedObjects(meta),
		);
		const dumped = await dumpBlock(bucket, tools, meta.ulid, selector);
		const found = [...dumped.values()].map((each) => each.map(describeSample));
		expect(found).toEqual([samples.map(describeSample)]);
	});

	test("no failed upload is counted", async ({ uploads, sidecar }) => {
		await Promise.allSettled([uploads.cut, uploads.long]);
		const failures = countFailedUploads(await sidecar.read());
		const grown = Object.entries(failures).filter(
			([name, count]) => count > (sidecar.failuresBefore[name] ?? 0),
		);
		expect(grown).toEqual([]);
	});
});
