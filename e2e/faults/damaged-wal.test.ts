import { describe, expect } from "vitest";
import { sumOf } from "../clients/exposition.ts";
import { budgets } from "../common/budgets.ts";
import type { IrreversibleFault } from "../common/fault.ts";
import type { NodeFolder } from "../harness/cluster/prometheus-pod.ts";
import { type ExplainedLoss, explainLoss } from "../ledger/checker.ts";
import type { StoredSample } from "../ledger/history.ts";
import { readFromPrometheus } from "../ledger/readers.ts";
import { findLostScrapes, subtractSamples } from "../ledger/scraped.ts";
import { waitForNumbers } from "../ledger/wait-for-numbers.ts";
import {
	makeCorruptedSegment,
	makeEmptySegment,
	makeTornRecord,
} from "../wal/damage.ts";
import { waitForRecovery } from "../wal/recovery.ts";
import { takeSnapshot } from "../wal/snapshot.ts";
import type { PrometheusUnderTest } from "../wal/under-test.ts";
import { test } from "./fixtures.ts";
import { makePrometheusStop } from "./means/prometheus.ts";

/** Milliseconds: samples have the time when their scrape began, and are written when it is over. */
const longestScrape = 10_000;

/** What Prometheus has after its WAL was damaged, compared with what it had. */
interface Aftermath<Damage> extends ExplainedLoss {
	readonly damage: Damage;
	/** How many corruptions Prometheus counts. */
	readonly corruptions: number;
	/** Samples of each target's `up` that were there before, and are gone. */
	readonly scrapedLost: readonly StoredSample[];
	/** A sentence for each scraped series that lost samples from before a moment, in milliseconds. */
	readonly scrapedLostBefore: (moment: number) => string[];
}

/** Stops Prometheus, damages its WAL, starts it again, and counts. */
async function damageWal<Damage>(
	subject: PrometheusUnderTest,
	makeDamage: (data: NodeFolder) => IrreversibleFault<Damage>,
): Promise<Aftermath<Damage>> {
	const { kube, prometheus, namespace, ledger } = subject;
	await waitForNumbers(ledger.history, Date.now(), budgets.podRestart);
	const before = await takeSnapshot(subject, "10m");
	const flags = await prometheus.flags();
	await using stop = await makePrometheusStop(
		kube,
		namespace,
		flags["storage.tsdb.path"] ?? "",
	).begin();
	const damage = await makeDamage(stop.data).inflict();
	const stoppedAt = Date.now();
	await stop.end();
	await waitForRecovery(subject, before);
	const reading = await readFromPrometheus(prometheus, ledger);
	const { scraped, metrics } = await takeSnapshot(subject, "30m");
	return {
		...explainLoss(reading, stoppedAt),
		damage,
		corruptions: sumOf(metrics, "prometheus_tsdb_wal_corruptions_total"),
		scrapedLost: subtractSamples(before.scraped, scraped).flatMap(
			({ values }) => values,
		),
		scrapedLostBefore: (moment) => {
			const older = before.scraped.map(({ metric, values }) => ({
				metric,
				values: values.filter(({ timestamp }) => timestamp < moment),
			}));
			return findLostScrapes(older, scraped);
		},
	};
}

function describeAftermath(aftermath: Aftermath<unknown>): string {
	const { lost, before, scrapedLost, corruptions } = aftermath;
	return `${lost.length} of ${before.length} acknowledged samples lost${describeSpan(lost)}, and of the targets' up ${scrapedLost.length}${describeSpan(scrapedLost)}; Prometheus counts ${corruptions} corruptions`;
}

function describeSpan(lost: readonly { readonly timestamp: number }[]): string {
	if (lost.length === 0) return "";
	const times = lost.map(({ timestamp }) => timestamp);
	const seconds = (Math.max(...times) - Math.min(...times)) / 1000;
	return ` (over ${seconds.toFixed(1)} s)`;
}

describe("a damaged WAL costs no more than what was damaged", () => {
	test("an empty segment at its end costs nothing", async ({
		subject,
		nodes,
		annotate,
	}) => {
		const aftermath = await damageWal(subject, (data) =>
			makeEmptySegment(nodes, data),
		);
		await annotate(`an empty segment: ${describeAftermath(aftermath)}`);
		expect(aftermath.scrapedLostBefore(Number.POSITIVE_INFINITY)).toEqual([]);
		expect(aftermath).toMatchObject({
			lost: [],
			otherwise: [],
			corruptions: 0,
		});
	});

	test("a torn last record costs that record", async ({
		subject,
		nodes,
		annotate,
	}) => {
		const aftermath = await damageWal(subject, (data) =>
			makeTornRecord(nodes, data),
		);
		await annotate(`a torn record: ${describeAftermath(aftermath)}`);
		// The record is the last number's, or that of a scrape or rule that came after it.
		expect([[], aftermath.before.slice(-1)]).toContainEqual(aftermath.lost);
		const tornAt = aftermath.damage.writtenAt;
		expect(tornAt, "when the record was written").not.toBe(0);
		expect(aftermath.scrapedLostBefore(tornAt - longestScrape)).toEqual([]);
		expect(aftermath.otherwise).toEqual([]);
		expect(aftermath.corruptions).toBe(1);
	});

	test("a corrupted segment costs what was written after the damage", async ({
		subject,
		nodes,
		annotate,
	}) => {
		const { startedAt } = subject.ledger.history;
		const aftermath = await damageWal(subject, (data) =>
			makeCorruptedSegment(nodes, data, startedAt),
		);
		await annotate(`a corrupted segment: ${describeAftermath(aftermath)}`);
		const { soundUntil } = aftermath.damage;
		expect(soundUntil, "when the segment before was last written to").not.toBe(
			0,
		);
		expect(aftermath.lost).not.toEqual([]);
		expect(
			aftermath.scrapedLostBefore(soundUntil - longestScrape),
			"lost, although no record of it was damaged",
		).toEqual([]);
		expect(aftermath.otherwise).toEqual([]);
		expect(aftermath.corruptions).toBe(1);
	});
});
