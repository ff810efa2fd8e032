import { describe, expect } from "vitest";
import { sumOf } from "./clients/exposition.ts";
import { budgets } from "./common/budgets.ts";
import { eventually } from "./common/eventually.ts";
import type { Nodes } from "./harness/cluster/nodes.ts";
import {
	findPrometheusProcess,
	readLocalBlocks,
} from "./harness/cluster/prometheus-pod.ts";
import { compareToLedger, describeGap } from "./ledger/history.ts";
import { startLedger } from "./ledger/writer.ts";
import { describeRefusedSamples } from "./scraping/refused-samples.ts";
import { test as base, makeUniqueName } from "./test.ts";
import {
	findBlocksWith,
	findLastBefore,
	findLostSamples,
	type PrometheusUnderTest,
	readLedgerBack,
	type Snapshot,
	takeSnapshot,
	waitForNumbers,
	waitForRecovery,
} from "./wal/crash.ts";
import { describeReplay, findCorruptions } from "./wal/replay.ts";
import { readSegmentState, readWal } from "./wal/segments.ts";

/** What all tests share: one ledger, written all the while. */
const test = base.extend(
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
);

interface Crash {
	readonly before: Snapshot;
	readonly after: Snapshot;
	/** The moment right after the kill, in milliseconds. */
	readonly crashedAt: number;
}

/** What must hold after any crash, whatever became of process and pod. */
async function expectNothingLost(
	subject: PrometheusUnderTest,
	{ before, after, crashedAt }: Crash,
	nodes: Nodes,
): Promise<void> {
	const { written, stored } = await readLedgerBack(subject);
	const [series, ...others] = stored;
	expect(others, "further series of the ledger").toEqual([]);
	expect(compareToLedger(written, series?.values ?? [])).toEqual([]);

	expect(before.scraped, "scraped series before the crash").not.toEqual([]);
	expect(findLostSamples(before.scraped, after.scraped)).toEqual([]);

	// It was in no block yet, and is there now: only the WAL can have brought it.
	const { kube, prometheus, ledger } = subject;
	const local = await findPrometheusProcess(
		kube,
		nodes,
		prometheus,
		subject.namespace,
	);
	const last = findLastBefore(ledger.ledger, crashedAt);
	const blocks = await readLocalBlocks(nodes, local);
	expect(
		findBlocksWith(last, blocks, crashedAt),
		`blocks that held number ${last.sequence} when Prometheus crashed`,
	).toEqual([]);

	const { name, namespace = "" } = after.pod.metadata;
	const log = await kube.logs(namespace, name, {
		container: "prometheus",
	});
	expect(describeReplay(log, after.metrics)).toBe("replayed");
	expect(findCorruptions(after)).toEqual([]);
	expect(after.place, "node and claim").toEqual(before.place);
}

describe("Prometheus replays its WAL and loses no acknowledged sample", {
	tags: ["disruptive", "upgrade"],
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
			"Prometheus counts what it saves from v3 on",
		);
		const saved = sumOf(metrics, counter);
		const written = sumOf(
			metrics,
			"prometheus_tsdb_wal_record_parts_bytes_written_total",
		);
		await annotate(
			`compression spared ${Math.round((100 * saved) / (saved + written))} % of the WAL's bytes: ${Math.round(written / 1000)} kB were written instead of ${Math.round((saved + written) / 1000)} kB`,
		);
		expect(saved).toBeGreaterThan(0);
	});

	test("no flag switches the WAL off", async ({ prometheus }) => {
		const flags = Object.keys(await prometheus.flags());
		// Those of the agent, which has no TSDB, are told as well.
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

	test("a segment only grows at its end", async ({ subject, nodes }) => {
		const { kube, prometheus, namespace, ledger } = subject;
		const local = await findPrometheusProcess(
			kube,
			nodes,
			prometheus,
			namespace,
		);
		await waitForNumbers(ledger.ledger, 0, budgets.podRestart);
		const { last, ...before } = await eventually(
			"the last segment holds something",
			budgets.podRestart,
			async () => {
				const { last } = await readWal(nodes, local);
				return { last, ...(await readSegmentState(nodes, local, last)) };
			},
			({ last, size }) => size > 0 || `segment ${last} is empty`,
		);
		await waitForNumbers(ledger.ledger, Date.now(), budgets.podRestart);
		const after = await readSegmentState(nodes, local, last, before.size);
		expect(after.digest, "what was in it").toBe(before.digest);
		// A block that was cut in between has begun another one.
		if ((await readWal(nodes, local)).last === last)
			expect(after.size).toBeGreaterThan(before.size);
	});

	test("SIGKILL of its process loses nothing", async ({
		subject,
		nodes,
		annotate,
	}) => {
		const { kube, prometheus, namespace, ledger } = subject;
		await waitForNumbers(ledger.ledger, 0, budgets.podRestart);
		const before = await takeSnapshot(subject, "10m");
		const { process } = await findPrometheusProcess(
			kube,
			nodes,
			prometheus,
			namespace,
		);
		await nodes.kill(process);
		const crashedAt = Date.now();
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
		await waitForNumbers(ledger.ledger, 0, budgets.podRestart);
		const before = await takeSnapshot(subject, "10m");
		const { name, namespace } = before.pod.metadata;
		await kube.delete([{ apiVersion: "v1", kind: "Pod", name, namespace }], {
			gracePeriodSeconds: 0,
		});
		const crashedAt = Date.now();
		await waitForRecovery(subject, before);
		const after = await takeSnapshot(subject, "30m");

		expect(after.pod.metadata.uid, "the pod").not.toBe(before.pod.metadata.uid);
		await annotate(describeOutage(subject, crashedAt));
		await annotate(describeRefusedSamples(after.metrics));
		await expectNothingLost(subject, { before, after, crashedAt }, nodes);
	});

	test("segments that blocks have made needless are deleted", async ({
		subject,
		nodes,
		annotate,
	}) => {
		const { kube, prometheus, namespace } = subject;
		const local = await findPrometheusProcess(
			kube,
			nodes,
			prometheus,
			namespace,
		);
		const before = await readWal(nodes, local);
		const after = await eventually(
			"Prometheus deletes segments of its WAL",
			budgets.blockUpload,
			() => readWal(nodes, local),
			({ first, checkpoint }) => {
				if (first === before.first)
					return `the first segment is still ${first}`;
				// It deletes them one by one; what of them is still needed stands in a checkpoint.
				return (
					checkpoint === first - 1 ||
					`the first segment is ${first}, the checkpoint ends with ${checkpoint}`
				);
			},
		);
		// truncateWAL in Prometheus' tsdb/head.go leaves a third of them, whatever they hold.
		const later = before.last - after.first;
		await annotate(
			`of WAL segments ${before.first} to ${before.last}, those before ${after.first} were deleted after a cut${later > 0 ? `, and ${later} that were complete then with later ones: Prometheus deletes the older two thirds at a time` : ""}`,
			later > 0 ? "corrected" : "notice",
		);
		const { written, stored } = await readLedgerBack(subject);
		expect(compareToLedger(written, stored[0]?.values ?? [])).toEqual([]);
	});
});

/** The gaps that have ended since a crash; there is one, for writing went on. */
function describeOutage(
	{ ledger }: PrometheusUnderTest,
	crashedAt: number,
): string {
	const gaps = ledger.ledger.gaps.filter(({ endedAt }) => endedAt > crashedAt);
	expect(gaps, "gaps while Prometheus was away").not.toEqual([]);
	return gaps.map(describeGap).join("; ");
}
