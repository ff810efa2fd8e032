import { describe, expect } from "vitest";
import { budgets } from "./common/budgets.ts";
import { eventually, notYet } from "./common/eventually.ts";
import { parseSize } from "./common/sizes.ts";
import { tidyUp } from "./common/tidy-up.ts";
import {
	findPrometheusPod,
	findPrometheusProcess,
} from "./harness/cluster/prometheus-pod.ts";
import { waitForDroppedBlock } from "./retention/dropped-block.ts";
import { plantBlock, removeBlock } from "./retention/planted-block.ts";
import { readRetention } from "./retention/retention.ts";
import { explainSize, waitForMountedVolumes } from "./retention/volumes.ts";
import { makeUniqueName, test } from "./test.ts";

const day = 86_400_000;
const promised = { time: 6 * day, bytes: parseSize("8GB") };
/** Milliseconds; far more than the newest block lags behind, so that both sides of the edge are clear. */
const margin = 300_000;

describe("Prometheus keeps its blocks for 6 days and up to 8GB", () => {
	test("it reports this retention", async ({ prometheus }) => {
		expect(await readRetention(prometheus)).toEqual(promised);
	});

	test("the file system that it writes to is as large as its volume claim", async ({
		kube,
		environment,
		annotate,
	}) => {
		const pod = await findPrometheusPod(kube, environment.namespace);
		const volumes = await waitForMountedVolumes(kube, pod);
		expect(volumes.flatMap(explainSize)).toEqual([]);
		for (const { capacity } of volumes) {
			if (capacity < promised.bytes)
				await annotate(
					`blocks of up to ${promised.bytes} bytes (8GB) never exist: the volume claim's file system holds ${capacity}, WAL and head included, and the disk is full before the retention by size drops anything`,
					"corrected",
				);
		}
	});

	test("it drops a block that is older, and keeps one that is not", async ({
		kube,
		nodes,
		tools,
		prometheus,
		environment,
		onTestFinished,
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
		const older = await plant(promised.time + margin);
		const younger = await plant(promised.time - margin);
		onTestFinished(
			tidyUp(`removal of block ${younger.ulid}`, () =>
				removeBlock(nodes, local, younger),
			),
		);
		const answers = ({ selector, maxTime }: typeof older) =>
			prometheus.rawSamples(selector, "10m", maxTime);

		const found = await eventually(
			`Prometheus answers from block ${younger.ulid}`,
			budgets.retention,
			async () => {
				const series = await answers(younger);
				return series.length > 0 ? series : notYet("it has no sample of it");
			},
		);
		expect(found.map(({ values }) => values)).toEqual([younger.samples]);
		await waitForDroppedBlock(prometheus, nodes, local, {
			ulid: older.ulid,
			before,
		});
		expect(await answers(older), "what it has of the older block").toEqual([]);
		expect(await answers(younger)).toEqual(found);
	});
});
