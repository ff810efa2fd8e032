import { describe, expect } from "vitest";
import { sumOf } from "../clients/exposition.ts";
import { budgets } from "../harness/budgets.ts";
import type { Nodes } from "../harness/nodes.ts";
import {
	type Ground,
	readLedgerBack,
	takeSnapshot,
	waitForNumbers,
	waitForRecovery,
} from "../wal/crash.ts";
import { test } from "./fixtures.ts";
import { findLoss, type Loss } from "./loss.ts";
import { type RestingData, whileStopped } from "./stopped-prometheus.ts";
import {
	corruptMiddle,
	lastWritten,
	readSegments,
	tearLastRecord,
	writeSegment,
} from "./wal-segments.ts";

const timeout = 3 * budgets.podRestart + 6 * budgets.request;

/** What Prometheus has after its WAL was damaged, beside what it had taken. */
interface Aftermath extends Loss {
	/** How many corruptions Prometheus counts. */
	readonly corruptions: number;
}

/** Stops Prometheus, damages its WAL, starts it, and counts. */
async function damage(
	ground: Ground,
	inflict: (data: RestingData) => Promise<void>,
): Promise<Aftermath> {
	const { kube, prometheus, namespace, ledger } = ground;
	await waitForNumbers(ledger.ledger, Date.now(), budgets.podRestart);
	const snapshot = await takeSnapshot(ground, "10m");
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
	await waitForRecovery(ground, snapshot);
	const { written, stored } = await readLedgerBack(ground);
	const [series] = stored;
	return {
		...findLoss(written, series?.values ?? [], stoppedAt),
		corruptions: sumOf(
			await prometheus.metrics(),
			"prometheus_tsdb_wal_corruptions_total",
		),
	};
}

function tell({ lost, before, corruptions }: Aftermath): string {
	const [first] = lost;
	const last = lost.at(-1);
	const seconds = first && last ? (last.timestamp - first.timestamp) / 1000 : 0;
	return `${lost.length} of ${before.length} acknowledged samples lost${first ? `, ${seconds.toFixed(1)} s of writing` : ""}; Prometheus counts ${corruptions} corruptions`;
}

/** @returns a time in milliseconds: nothing that was written before it lies in the segment that is damaged */
async function damageLast(
	nodes: Nodes,
	data: RestingData,
	change: typeof tearLastRecord,
): Promise<number> {
	const segments = await readSegments(nodes, data);
	const last = lastWritten(segments);
	await writeSegment(nodes, data, { ...last, content: change(last.content) });
	return segments[segments.indexOf(last) - 1]?.writtenAt ?? 0;
}

describe("a damaged WAL costs no more than what was damaged", () => {
	test("an empty segment at its end costs nothing", {
		timeout,
	}, async ({ ground, nodes, annotate }) => {
		const aftermath = await damage(ground, async (data) => {
			const last = (await readSegments(nodes, data)).at(-1);
			const next = String(Number(last?.name ?? 0) + 1).padStart(8, "0");
			await writeSegment(nodes, data, {
				name: next,
				content: Buffer.alloc(0),
			});
		});
		await annotate(`an empty segment: ${tell(aftermath)}`);
		expect(aftermath).toMatchObject({ lost: [], otherwise: [] });
	});

	test("a torn last record costs that record", {
		timeout,
	}, async ({ ground, nodes, annotate }) => {
		const aftermath = await damage(ground, async (data) => {
			await damageLast(nodes, data, tearLastRecord);
		});
		await annotate(`a torn record: ${tell(aftermath)}`);
		// The record is the last number's, or that of a scrape or rule that came after it.
		expect([[], aftermath.before.slice(-1)]).toContainEqual(aftermath.lost);
		expect(aftermath.otherwise).toEqual([]);
		expect(aftermath.corruptions).toBe(1);
	});

	test("a corrupted segment costs what was written after the damage", {
		timeout,
	}, async ({ ground, nodes, annotate }) => {
		let safe = 0;
		const aftermath = await damage(ground, async (data) => {
			safe = await damageLast(nodes, data, corruptMiddle);
		});
		await annotate(`a corrupted segment: ${tell(aftermath)}`);
		// Some of what came after the damage lay in a chunk on the disk as well, and is not lost.
		expect(safe, "when the segment before was written to last").not.toBe(0);
		expect(aftermath.lost).not.toEqual([]);
		expect(
			aftermath.lost.filter(({ timestamp }) => timestamp < safe),
			"lost, although no record of it was damaged",
		).toEqual([]);
		expect(aftermath.otherwise).toEqual([]);
		expect(aftermath.corruptions).toBe(1);
	});
});
