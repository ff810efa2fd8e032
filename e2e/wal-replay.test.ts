import { describe, expect } from "vitest";
import { sumOf } from "./clients/exposition.ts";
import { budgets } from "./common/budgets.ts";
import { clusterNow } from "./common/clock/cluster-clock.ts";
import { eventually, notYet } from "./common/eventually.ts";
import { makeKill } from "./harness/cluster/kill.ts";
import type { Nodes } from "./harness/cluster/nodes.ts";
import { makePodDeletion } from "./harness/cluster/pod-deletion.ts";
import { readLocalBlocks } from "./harness/cluster/prometheus-pod.ts";
import { findFlaws } from "./ledger/checker.ts";
import { readFromPrometheus } from "./ledger/readers.ts";
import { findLostScrapes } from "./ledger/scraped.ts";
import { waitForNumbers } from "./ledger/wait-for-numbers.ts";
import { startLedger } from "./ledger/writer.ts";
import { describeRefusedSamples } from "./scraping/refused-samples.ts";
import { test as base, makeUniqueName } from "./test.ts";
import {
	describeOthersWithData,
	findStatefulSet,
	whyVolumeClaimGoes,
} from "./wal/data-volume.ts";
import { findBlocksWith, findLastAcknowledged } from "./wal/held-by-wal.ts";
import { lookAtWal, waitForDeletedSegments } from "./wal/obsolete-segments.ts";
import { describeOutage } from "./wal/outage.ts";
import { waitForRecovery } from "./wal/recovery.ts";
import { describeReplay, findCorruptions } from "./wal/replay.ts";
import { readSegment, readWal } from "./wal/segments.ts";
import { type Snapshot, takeSnapshot } from "./wal/snapshot.ts";
import { findProcess, type PrometheusUnderTest } from "./wal/under-test.ts";

/** A third of what the operator gives it by default. */
const leastStartUpSeconds = 300;

/** All tests share one ledger, which is written the whole time. */
const test = base
	.extend(
		"subject",
		{ scope: "file" },
		({ kube, prometheus, environment }, { onCleanup }): PrometheusUnderTest => {
			const ledger = startLedger(prometheus, {
				name: "o11y_e2e_ledger",
				labels: { run: makeUniqueName(environment) },
			});
			onCleanup(() => ledger.stop());
			return { kube, prometheus, namespace: environment.namespace, ledger };
		},
	)
	/** Its WAL right before the first kill. */
	.extend("beforeKills", { scope: "file" }, async ({ subject, nodes }) => {
		const { data } = await findProcess(subject, nodes);
		return eventually("its WAL is read", budgets.request, () =>
			lookAtWal(nodes, data, subject.prometheus),
		);
	});

interface Crash {
	readonly before: Snapshot;
	readonly after: Snapshot;
	/** The moment right after the kill, in milliseconds. */
	readonly crashedAt: number;
}

/** What must hold after every crash, of a process or of a pod. */
async function expectNothingLost(
	subject: PrometheusUnderTest,
	{ before, after, crashedAt }: Crash,
	nodes: Nodes,
): Promise<void> {
	const { kube, prometheus, ledger } = subject;
	const others = describeOthersWithData(after.pod);
	const read = await readFromPrometheus(prometheus, ledger);
	expect(findFlaws(read), others).toEqual([]);

	expect(findLostScrapes(before.scraped, after.scraped), others).toEqual([]);

	// It was in no block yet, and is there now: only segments of the WAL can have brought it back.
	const local = await findProcess(subject, nodes);
	const last = findLastAcknowledged(ledger.history, crashedAt);
	const blocks = await readLocalBlocks(nodes, local);
	expect(
		findBlocksWith(last, blocks, crashedAt),
		`blocks that held number ${last.sequence} when Prometheus crashed`,
	).toEqual([]);

	expect(describeReplay(after.metrics)).toBe("replayed");
	expect(findCorruptions(after)).toEqual([]);
	expect(after.place, "node and volume claim").toEqual(before.place);
	const owner = await findStatefulSet(kube, after.pod);
	expect(owner && whyVolumeClaimGoes(owner)).toBeUndefined();
}

describe("Prometheus replays its WAL and loses no acknowledged sample", {
	tags: [
		"disrupts-prometheus",
		"ignores-grafana",
		"ignores-node-exporter",
		"ignores-secrets",
		"upgrade",
	],
}, () => {
	test("WAL compression is on", async ({ prometheus, subject: _ }) => {
		const flags = await prometheus.flags();
		expect(flags["storage.tsdb.wal-compression"]).toBe("true");
		expect(flags["storage.tsdb.wal-compression-type"]).toBe("snappy");
	});

	test("compression makes the WAL smaller", async ({
		prometheus,
		annotate,
		skip,
	}) => {
		const metrics = await prometheus.metrics();
		const counter = "prometheus_tsdb_wal_record_bytes_saved_total";
		skip(
			!metrics.some(({ name }) => name === counter),
			"Prometheus counts what compression saves only since v3",
		);
		const saved = sumOf(metrics, counter);
		const written = sumOf(
			metrics,
			"prometheus_tsdb_wal_record_parts_bytes_written_total",
		);
		await annotate(
			`compression saved ${Math.round((100 * saved) / (saved + written))} % of the WAL's bytes: ${Math.round(written / 1000)} kB were written instead of ${Math.round((saved + written) / 1000)} kB`,
		);
		expect(saved, "bytes that compression saved").toBeGreaterThan(0);
	});

	test("no flag switches the WAL off", async ({ prometheus }) => {
		const flags = Object.keys(await prometheus.flags());
		// Prometheus lists the flags of the agent, which has no TSDB, as well.
		expect(
			flags
				.filter((name) => /wal/i.test(name) && !/\bagent\b/.test(name))
				.sort(),
		).toEqual([
			"storage.tsdb.wal-compression",
			"storage.tsdb.wal-compression-type",
			"storage.tsdb.wal-segment-size",
		]);
	});

	test("without the test, its start-up probe leaves time for the replay", ({
		environment,
	}) => {
		const { startUpSeconds } = environment.asWritten;
		expect(
			startUpSeconds,
			`"On startup, Prometheus replays the WAL": it is killed after ${startUpSeconds} s, and starts over; the WAL of three hours takes minutes on a slow disk`,
		).toBeGreaterThanOrEqual(leastStartUpSeconds);
	});

	test("SIGKILL of its process loses nothing", async ({
		subject,
		nodes,
		beforeKills: _,
		annotate,
	}) => {
		const { ledger } = subject;
		await waitForNumbers(ledger.history, 0, budgets.podRestart);
		const before = await takeSnapshot(subject, "10m");
		const { process } = await findProcess(subject, nodes);
		await makeKill(nodes, process, "Prometheus").inflict();
		const crashedAt = clusterNow();
		await waitForRecovery(subject, before);
		const after = await takeSnapshot(subject, "30m");

		expect(after.pod.metadata.uid, "the pod").toBe(before.pod.metadata.uid);
		expect(after.restarts).toBe(before.restarts + 1);
		await annotate(describeOutage(subject, crashedAt));
		await annotate(describeRefusedSamples(after.metrics));
		await expectNothingLost(subject, { before, after, crashedAt }, nodes);
	});

	test("forced deletion of its pod loses nothing", async ({
		subject,
		nodes,
		annotate,
	}) => {
		const { kube, ledger } = subject;
		await waitForNumbers(ledger.history, 0, budgets.podRestart);
		const before = await takeSnapshot(subject, "10m");
		await makePodDeletion(kube, [before.pod], { force: true }).inflict();
		const crashedAt = clusterNow();
		await waitForRecovery(subject, before);
		const after = await takeSnapshot(subject, "30m");

		expect(after.pod.metadata.uid, "the pod").not.toBe(before.pod.metadata.uid);
		await annotate(describeOutage(subject, crashedAt));
		await annotate(describeRefusedSamples(after.metrics));
		await expectNothingLost(subject, { before, after, crashedAt }, nodes);
	});

	test.concurrent("a segment only grows at its end", async ({
		subject,
		nodes,
	}) => {
		const { ledger } = subject;
		const local = await findProcess(subject, nodes);
		await waitForNumbers(ledger.history, 0, budgets.podRestart);
		const last = await eventually(
			"the last segment holds something",
			budgets.podRestart,
			async () => {
				const { last } = await readWal(nodes, local.data);
				return last.size > 0 ? last : notYet(`segment ${last.name} is empty`);
			},
		);
		const before = await readSegment(nodes, local.data, last);
		await waitForNumbers(ledger.history, clusterNow(), budgets.podRestart);
		const after = await readSegment(nodes, local.data, last);
		expect(
			after.subarray(0, before.length).equals(before),
			"what was in the segment is still at its beginning",
		).toBe(true);
		// A block that was cut in between has started another segment.
		if ((await readWal(nodes, local.data)).last.number === last.number)
			expect(after.length, "bytes of the segment").toBeGreaterThan(
				before.length,
			);
	});

	test.concurrent("segments that blocks have made obsolete are deleted", async ({
		subject,
		nodes,
		beforeKills,
		annotate,
	}) => {
		const { data } = await findProcess(subject, nodes);
		const { words, kept } = await waitForDeletedSegments(
			nodes,
			data,
			beforeKills,
		);
		await annotate(words, kept > 0 ? "corrected" : "notice");
		const { prometheus, ledger } = subject;
		expect(findFlaws(await readFromPrometheus(prometheus, ledger))).toEqual([]);
	});
});
