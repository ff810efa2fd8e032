import { describe, expect } from "vitest";
import { sumOf } from "../clients/exposition.ts";
import { budgets } from "../common/budgets.ts";
import type { StoredSample } from "../ledger/history.ts";
import { findLoss, type Loss } from "../ledger/loss.ts";
import {
	findLostSamples,
	type PrometheusUnderTest,
	readLedgerBack,
	subtractSamples,
	takeSnapshot,
	waitForNumbers,
	waitForRecovery,
} from "../wal/crash.ts";
import {
	corruptBeginning,
	lastWritten,
	readSegments,
	tearLastRecord,
	writeSegment,
} from "../wal/damage.ts";
import { test } from "./fixtures.ts";
import { type RestingData, whileStopped } from "./means/stopped-prometheus.ts";

/** Milliseconds: samples bear the time when their scrape began, and are written when it is over. */
const longestScrape = 10_000;

/** What Prometheus has after its WAL was damaged, beside what it had taken. */
interface Aftermath extends Loss {
	/** How many corruptions Prometheus counts. */
	readonly corruptions: number;
	/** Samples of each target's `up` that were there before, and are gone. */
	readonly scrapedLost: readonly StoredSample[];
	/** A sentence for each scraped series that lost samples of before a moment, in milliseconds. */
	readonly scrapedLostBefore: (moment: number) => string[];
}

/** Stops Prometheus, damages its WAL, starts it, and counts. */
async function damage(
	subject: PrometheusUnderTest,
	inflict: (data: RestingData) => Promise<void>,
): Promise<Aftermath> {
	const { kube, prometheus, namespace, ledger } = subject;
	await waitForNumbers(ledger.ledger, Date.now(), budgets.podRestart);
	const snapshot = await takeSnapshot(subject, "10m");
	const flags = await prometheus.flags();
	const stoppedAt = await whileStopped(
		kube,
		namespace,
		flags["storage.tsdb.path"] ?? "",
		async (data) => {
			await inflict(data);
			return Date.now();
		},
	);
	await waitForRecovery(subject, snapshot);
	const { written, stored } = await readLedgerBack(subject);
	const [series] = stored;
	const { scraped, metrics } = await takeSnapshot(subject, "30m");
	return {
		...findLoss(written, series?.values ?? [], stoppedAt),
		corruptions: sumOf(metrics, "prometheus_tsdb_wal_corruptions_total"),
		scrapedLost: subtractSamples(snapshot.scraped, scraped).flatMap(
			({ values }) => values,
		),
		scrapedLostBefore: (moment) => {
			const older = snapshot.scraped.map(({ metric, values }) => ({
				metric,
				values: values.filter(({ timestamp }) => timestamp < moment),
			}));
			expect(
				older.flatMap(({ values }) => values),
				"scraped samples that must be there still",
			).not.toEqual([]);
			return findLostSamples(older, scraped);
		},
	};
}

function tell(aftermath: Aftermath): string {
	const { lost, before, scrapedLost, corruptions } = aftermath;
	return `${lost.length} of ${before.length} acknowledged samples lost${spanOf(lost)}, and of the targets' up ${scrapedLost.length}${spanOf(scrapedLost)}; Prometheus counts ${corruptions} corruptions`;
}

function spanOf(lost: readonly { readonly timestamp: number }[]): string {
	if (lost.length === 0) return "";
	const times = lost.map(({ timestamp }) => timestamp);
	const seconds = (Math.max(...times) - Math.min(...times)) / 1000;
	return ` (of ${seconds.toFixed(1)} s)`;
}

describe("a damaged WAL costs no more than what was damaged", () => {
	test("an empty segment at its end costs nothing", async ({
		subject,
		nodes,
		annotate,
	}) => {
		const aftermath = await damage(subject, async (data) => {
			const last = (await readSegments(nodes, data)).at(-1);
			const next = String(Number(last?.name ?? 0) + 1).padStart(8, "0");
			await writeSegment(nodes, data, {
				name: next,
				content: Buffer.alloc(0),
			});
		});
		await annotate(`an empty segment: ${tell(aftermath)}`);
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
		let tornAt = 0;
		const aftermath = await damage(subject, async (data) => {
			const last = lastWritten(await readSegments(nodes, data));
			tornAt = last.writtenAt;
			const content = tearLastRecord(last.content);
			await writeSegment(nodes, data, { ...last, content });
		});
		await annotate(`a torn record: ${tell(aftermath)}`);
		// The record is the last number's, or that of a scrape or rule that came after it.
		expect([[], aftermath.before.slice(-1)]).toContainEqual(aftermath.lost);
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
		const { startedAt } = subject.ledger.ledger;
		let safe = 0;
		const aftermath = await damage(subject, async (data) => {
			const segments = await readSegments(nodes, data);
			// The first that may hold a number: Prometheus drops what comes after the damage, later segments too. Files tell
			// their times in seconds.
			const hit = segments.find(
				({ writtenAt }) => writtenAt + 1000 > startedAt,
			);
			if (!hit) throw new Error("no segment was written to by the ledger");
			safe = segments[segments.indexOf(hit) - 1]?.writtenAt ?? 0;
			const content = corruptBeginning(hit.content);
			await writeSegment(nodes, data, { ...hit, content });
		});
		await annotate(`a corrupted segment: ${tell(aftermath)}`);
		expect(safe, "when the segment before was written to last").not.toBe(0);
		expect(aftermath.lost).not.toEqual([]);
		expect(
			aftermath.scrapedLostBefore(safe - longestScrape),
			"lost, although no record of it was damaged",
		).toEqual([]);
		expect(aftermath.otherwise).toEqual([]);
		expect(aftermath.corruptions).toBe(1);
	});
});
