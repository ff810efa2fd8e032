import { partition } from "es-toolkit";
import { describe, expect } from "vitest";
import { stringify } from "yaml";
import { sumOf } from "../clients/exposition.ts";
import { PrometheusClient } from "../clients/prometheus.ts";
import { waitForPods } from "../clients/rollout.ts";
import { budgets } from "../common/budgets.ts";
import { parseQuantity } from "../common/sizes.ts";
import { findTightRetention } from "../harness/chart/tight-retention.ts";
import { findPrometheusPod } from "../harness/cluster/prometheus-pod.ts";
import type { LedgerEntry } from "../ledger/history.ts";
import { findLoss } from "../ledger/loss.ts";
import { startLedger } from "../ledger/writer.ts";
import { waitForMountedVolumes } from "../retention/volumes.ts";
import { test as base, makeUniqueName } from "../test.ts";
import {
	type PrometheusUnderTest,
	readLedgerBack,
	takeSnapshot,
	waitForNumbers,
	waitForRecovery,
} from "../wal/crash.ts";
import { growVolume } from "./means/grown-volume.ts";
import {
	fillUp,
	findLostWrites,
	makeSmallPrometheus,
	readCommon,
	resize,
	smallPod,
	writeLongSeries,
} from "./means/small-prometheus.ts";
import { whileStopped } from "./means/stopped-prometheus.ts";

/** Blocks alone may grow larger than the claim, and the WAL comes on top. */
const tooSmall = { claim: "64Mi", retention: "1GB" };
const roomy = { claim: "256Mi", retention: "100MB" };

/** A Prometheus of the test's own: what becomes of the stack's would break every other fault. */
const test = base.extend(
	"subject",
	async (
		{ kube, environment, namespace },
		{ onCleanup },
	): Promise<PrometheusUnderTest & { warnings: readonly string[] }> => {
		const manifest = makeSmallPrometheus(
			await readCommon(kube, environment.namespace),
			namespace,
			tooSmall,
		);
		await kube.apply([manifest]);
		await waitForPods(kube, namespace, [smallPod]);
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

describe("a full disk costs what was written onto it, and no more, once it has been grown", () => {
	test("a volume that is full, as was warned, is grown with its file system and claim", async ({
		subject,
		kube,
		annotate,
	}) => {
		const { prometheus, namespace } = subject;
		const { ledger } = subject.ledger;
		expect(subject.warnings).toEqual([
			expect.stringContaining(
				`keeps up to ${tooSmall.retention} on a volume claim of ${tooSmall.claim}`,
			),
		]);
		await waitForNumbers(ledger, Date.now(), budgets.podRestart);
		const snapshot = await takeSnapshot(subject, "10m");
		// Nobody promises an answer of it once its disk is full.
		const flags = await prometheus.flags();
		const full = await fillUp(prometheus, 128);
		expect(full.refusal).toContain("no space left on device");

		const stoppedAt = await whileStopped(
			kube,
			namespace,
			flags["storage.tsdb.path"] ?? "",
			async (data) => {
				const now = Date.now();
				const bytes = parseQuantity(roomy.claim);
				await growVolume(kube, namespace, snapshot.place, data, bytes);
				await resize(kube, namespace, roomy);
				return now;
			},
		);
		await waitForRecovery(subject, snapshot);
		await writeLongSeries(prometheus, "once it was grown");
		const pod = await findPrometheusPod(kube, namespace);
		const [volume] = await waitForMountedVolumes(kube, pod);
		expect(volume?.requested, "the claim").toBe(parseQuantity(roomy.claim));
		expect(volume?.capacity, "the file system").toBeGreaterThan(
			0.9 * parseQuantity(roomy.claim),
		);

		const { written, stored } = await readLedgerBack(subject);
		const [series] = stored;
		const { before, lost, otherwise } = findLoss(
			written,
			series?.values ?? [],
			stoppedAt,
		);
		const [beforeFull, sinceFull] = partition(
			before,
			({ acknowledgedAt = 0 }) => acknowledgedAt < full.at,
		);
		const isLost = (each: LedgerEntry) => lost.includes(each);
		const lostWrites = await findLostWrites(prometheus, full.writes);
		await annotate(
			`lost: ${sinceFull.filter(isLost).length} of the ${sinceFull.length} samples that were acknowledged once the disk was full, ${beforeFull.filter(isLost).length} of the ${beforeFull.length} before, and ${lostWrites.length} of the ${full.writes.length} MiB that filled it; Prometheus counts ${sumOf(await prometheus.metrics(), "prometheus_tsdb_wal_corruptions_total")} corruptions`,
		);
		expect(
			beforeFull.filter(isLost),
			"lost, although the disk had room",
		).toEqual([]);
		expect(lostWrites, "writes that filled the disk").toEqual([]);
		expect(otherwise).toEqual([]);
	});
});
