import { partition } from "es-toolkit";
import { describe, expect } from "vitest";
import { stringify } from "yaml";
import { sumOf } from "../clients/exposition.ts";
import { PrometheusClient } from "../clients/prometheus.ts";
import { budgets } from "../common/budgets.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { parseQuantity } from "../common/sizes.ts";
import { findTightRetention } from "../harness/chart/tight-retention.ts";
import { findPrometheusPod } from "../harness/cluster/prometheus-pod.ts";
import { explainLoss } from "../ledger/checker.ts";
import type { AcknowledgedEntry } from "../ledger/history.ts";
import { readFromPrometheus } from "../ledger/readers.ts";
import { waitForNumbers } from "../ledger/wait-for-numbers.ts";
import { startLedger } from "../ledger/writer.ts";
import { plantSmallPrometheus } from "../retention/planted-prometheus.ts";
import { resize } from "../retention/small-prometheus.ts";
import { waitForMountedVolumes } from "../retention/volumes.ts";
import { test as base, makeUniqueName } from "../test.ts";
import { waitForRecovery } from "../wal/recovery.ts";
import { takeSnapshot } from "../wal/snapshot.ts";
import type { PrometheusUnderTest } from "../wal/under-test.ts";
import {
	findLostWrites,
	makeFullDisk,
	writeLongSeries,
} from "./means/full-disk.ts";
import { growVolume } from "./means/grown-volume.ts";
import { makePrometheusStop } from "./means/prometheus.ts";

/** The retention size is larger than the volume claim, even without the WAL. */
const tooSmall = { volumeClaim: "64Mi", retention: "1GB" };
const roomy = { volumeClaim: "256Mi", retention: "100MB" };

/** A Prometheus of the test's own: filling the stack's would break every other fault. */
const test = base.extend(
	"subject",
	async (
		{ kube, environment },
		{ onCleanup },
	): Promise<PrometheusUnderTest & { warnings: readonly string[] }> => {
		const { manifest, namespace } = await plantSmallPrometheus(
			kube,
			environment,
			tooSmall,
			onCleanup,
		);
		const prometheus = PrometheusClient.inNamespace(kube, namespace);
		const ledger = startLedger(prometheus, {
			name: "o11y_e2e_disk_full_ledger",
			labels: { run: makeUniqueName(environment) },
		});
		onCleanup(() => ledger.stop());
		const warnings = findTightRetention(stringify(manifest));
		return { kube, prometheus, namespace, ledger, warnings };
	},
);

describe("a full disk costs only what was written to it, once it has been grown", () => {
	test("a volume that fills up, after a warning, is grown with its file system and volume claim", async ({
		subject,
		kube,
		annotate,
	}) => {
		const { prometheus, namespace, ledger } = subject;
		expect(subject.warnings).toEqual([
			expect.stringContaining(
				`keeps up to ${tooSmall.retention} on a volume claim of ${tooSmall.volumeClaim}`,
			),
		]);
		await waitForNumbers(ledger.history, clusterNow(), budgets.podRestart);
		const snapshot = await takeSnapshot(subject, "10m");
		// Prometheus may not answer any more once its disk is full.
		const flags = await prometheus.flags();
		const full = await makeFullDisk(prometheus, 128).inflict();
		expect(full.refusal).toContain("no space left on device");
		expect(full.writes, "writes that filled the disk").not.toEqual([]);

		await using stop = await makePrometheusStop(
			kube,
			namespace,
			flags["storage.tsdb.path"] ?? "",
		).begin();
		const stoppedAt = clusterNow();
		const bytes = parseQuantity(roomy.volumeClaim);
		await growVolume(kube, namespace, snapshot.place, stop.data, bytes);
		await resize(kube, namespace, roomy);
		await stop.end();
		await waitForRecovery(subject, snapshot);
		await writeLongSeries(prometheus, "once it was grown");
		const pod = await findPrometheusPod(kube, namespace);
		const [volume] = await waitForMountedVolumes(kube, pod);
		expect(volume?.requested, "bytes of the volume claim").toBe(bytes);
		expect(volume?.capacity, "bytes of the file system").toBeGreaterThan(
			0.9 * bytes,
		);

		const { before, lost, otherwise } = explainLoss(
			await readFromPrometheus(prometheus, ledger),
			stoppedAt,
		);
		const [beforeFull, sinceFull] = partition(
			before,
			({ outcome }) => outcome.at < full.at,
		);
		const isLost = (each: AcknowledgedEntry) => lost.includes(each);
		const lostWrites = await findLostWrites(prometheus, full.writes);
		await annotate(
			`lost: ${sinceFull.filter(isLost).length} of the ${sinceFull.length} samples that were acknowledged after the disk was full, ${beforeFull.filter(isLost).length} of the ${beforeFull.length} before, and ${lostWrites.length} of the ${full.writes.length} MiB that filled it; Prometheus counts ${sumOf(await prometheus.metrics(), "prometheus_tsdb_wal_corruptions_total")} corruptions`,
		);
		expect(beforeFull, "samples from when it had room").not.toEqual([]);
		expect(
			beforeFull.filter(isLost),
			"lost, although the disk had room",
		).toEqual([]);
		expect(lostWrites, "writes that filled the disk and are lost").toEqual([]);
		expect(otherwise).toEqual([]);
	});
});
