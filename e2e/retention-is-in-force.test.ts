import { describe } from "vitest";
import { pickRange, productionLength } from "./blocks/long-block.ts";
import { listPrometheusPods, PrometheusClient } from "./clients/prometheus.ts";
import { budgets } from "./common/budgets.ts";
import { eventually, notYet } from "./common/eventually.ts";
import { tidyUp } from "./common/tidy-up.ts";
import { findPrometheusProcess } from "./harness/cluster/prometheus-pod.ts";
import { describeSample } from "./ledger/history.ts";
import { isOlderBy, waitForDroppedBlock } from "./retention/dropped-block.ts";
import { plantLargeBlock } from "./retention/large-block.ts";
import { plantBlock, removeBlock } from "./retention/planted-block.ts";
import { plantSmallPrometheus } from "./retention/planted-prometheus.ts";
import {
	explainRetention,
	promisedRetention,
	readRetention,
	refuseIfShorter,
} from "./retention/retention.ts";
import { explainSize, waitForMountedVolumes } from "./retention/volumes.ts";
import { test as base, makeUniqueName } from "./test.ts";

/**
 * Milliseconds; far more than the newest block lags behind, so that both sides of the edge are clear, and so much that no
 * block overlaps the one that thanos-queries plants meanwhile.
 */
const margin = 900_000;
/** It has room for one large block, not for two. */
const smallSizes = { retention: "10MB", volumeClaim: "64Mi" };

/** With a Prometheus that keeps so little that a retention by size has something to drop. */
const test = base.extend(
	"small",
	async ({ kube, nodes, environment }, { onCleanup }) => {
		const { namespace } = await plantSmallPrometheus(
			kube,
			environment,
			smallSizes,
			onCleanup,
		);
		const prometheus = PrometheusClient.inNamespace(kube, namespace);
		const local = await findPrometheusProcess(
			kube,
			nodes,
			prometheus,
			namespace,
		);
		return { prometheus, local };
	},
);

describe("Prometheus keeps its blocks for 6 days and up to 8 GB", {
	tags: ["ignores-grafana", "ignores-node-exporter", "ignores-secrets"],
}, () => {
	test.concurrent("it reports this retention", async ({
		prometheus,
		expect,
	}) => {
		expect(explainRetention(await readRetention(prometheus))).toEqual([]);
	});

	test.concurrent("the file system that it writes to is as large as its volume claim", async ({
		kube,
		environment,
		annotate,
		expect,
	}) => {
		const pods = await listPrometheusPods(kube, environment.namespace);
		expect(pods, "Prometheus' pods").not.toEqual([]);
		// It throws for a pod without a volume claim.
		const volumes = (
			await Promise.all(pods.map((pod) => waitForMountedVolumes(kube, pod)))
		).flat();
		expect(volumes.flatMap(explainSize)).toEqual([]);
		for (const { capacity } of volumes) {
			if (capacity < promisedRetention.bytes.least)
				await annotate(
					`blocks of up to 8 GB never exist: the volume claim's file system holds ${capacity}, WAL and head included, and the disk is full before the retention by size drops anything`,
					"corrected",
				);
		}
	});

	test.concurrent("it drops a block that is older, and keeps one that is not", async ({
		kube,
		nodes,
		tools,
		prometheus,
		environment,
		onTestFinished,
		expect,
	}) => {
		const { namespace } = environment;
		const local = await findPrometheusProcess(
			kube,
			nodes,
			prometheus,
			namespace,
		);
		const plant = (age: number) =>
			plantBlock(tools, nodes, local, {
				name: "o11y_e2e_retention",
				labels: { run: makeUniqueName(environment) },
				age,
				forUpload: false,
			});
		const before = await prometheus.metrics();
		// The older first: a Prometheus that has loaded the younger one has seen both.
		const older = await plant(promisedRetention.time + margin);
		const younger = await plant(promisedRetention.time - margin);
		onTestFinished(
			tidyUp(`removal of block ${younger.ulid}`, () =>
				removeBlock(nodes, local, younger),
			),
		);
		const answers = async ({ selector, maxTime }: typeof older) => {
			const series = await prometheus.rawSamples(selector, "10m", maxTime);
			return series.map(({ values }) => values.map(describeSample));
		};

		const found = await eventually(
			`Prometheus answers from block ${younger.ulid}`,
			budgets.retention,
			async () => {
				const series = await answers(younger);
				if (series.length > 0) return series;
				refuseIfShorter(
					await readRetention(prometheus),
					promisedRetention.time - margin,
				);
				return notYet("it has no sample of it");
			},
		);
		const written = [younger.samples.map(describeSample)];
		expect(found, "what it has of the younger block").toEqual(written);
		await waitForDroppedBlock(prometheus, nodes, local, {
			ulid: older.ulid,
			before,
			isDue: isOlderBy(promisedRetention.time, older),
		});
		expect(await answers(older), "what it has of the older block").toEqual([]);
		expect(
			await answers(younger),
			"what it has of the younger block afterwards",
		).toEqual(written);
	});

	test.concurrent("by size, too, the oldest block is dropped: a small Prometheus of the same kind beside it", async ({
		small,
		nodes,
		tools,
		expect,
	}) => {
		const { prometheus, local } = small;
		const before = await prometheus.metrics();
		const range = pickRange([]);
		// The younger first: if Prometheus looks between the two, it finds one block, and that fits.
		const younger = await plantLargeBlock(tools, nodes, local, range);
		const older = await plantLargeBlock(tools, nodes, local, {
			minTime: range.minTime - productionLength,
			maxTime: range.minTime,
		});
		await eventually(
			`it answers from block ${younger.ulid}`,
			budgets.retention,
			async () => {
				const answer = await prometheus.query(
					younger.count,
					younger.maxTime - 1,
				);
				return answer[0]?.value.value === younger.series
					? true
					: notYet(`it has ${answer[0]?.value.value ?? 0} of its series`);
			},
		);
		// Both have been there since it answered from the younger one.
		const dropped = { ulid: older.ulid, before, isDue: () => true };
		await waitForDroppedBlock(prometheus, nodes, local, dropped, "size");
		const [kept] = await prometheus.query(younger.count, younger.maxTime - 1);
		expect(kept?.value.value, "series of the younger block").toBe(
			younger.series,
		);
	});
});
