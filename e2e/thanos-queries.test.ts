import { describe, expect } from "vitest";
import { parseExposition, sumOf } from "./clients/exposition.ts";
import { budgets } from "./common/budgets.ts";
import { eventually, notYet } from "./common/eventually.ts";
import { formatMoment } from "./common/time-range.ts";
import { findFlaws } from "./ledger/checker.ts";
import type { StoredSample } from "./ledger/history.ts";
import { waitForDroppedBlock } from "./retention/dropped-block.ts";
import { asEntries, test } from "./thanos/fixtures.ts";
import { findStores } from "./thanos/stores.ts";

const timesOf = (samples: readonly StoredSample[] = []) =>
	new Set(samples.map(({ timestamp }) => timestamp));

describe("a query through Thanos spans what only Prometheus has and what only MinIO has", {
	tags: ["needs-thanos"],
}, () => {
	test("it asks the sidecar and the store gateway, and both answer", async ({
		thanos,
		blocks: _,
	}) => {
		await eventually(
			"Thanos' query asks a sidecar and a store gateway",
			budgets.scrapeInterval,
			async () => {
				const { sidecar = [], store = [] } = await thanos.stores();
				const failing = [...sidecar, ...store].find((each) => each.lastError);
				if (failing) return notYet(`${failing.name}: ${failing.lastError}`);
				if (sidecar.length !== 1 || store.length !== 1)
					return notYet(
						`it asks ${sidecar.length} sidecars and ${store.length} store gateways`,
					);
			},
		);
	});

	test("a block older than the retention is gone from Prometheus and still answered", async ({
		blocks,
		thanos,
		prometheus,
		nodes,
		local,
	}) => {
		const aged = await blocks.aged;
		const { selector, samples, answered, maxTime } = aged;
		expect(answered, "what Prometheus had of it").toEqual(samples);
		await waitForDroppedBlock(prometheus, nodes, local, aged);
		expect(
			await prometheus.rawSamples(selector, "10m", maxTime),
			"what Prometheus has of it",
		).toEqual([]);
		const found = await thanos.rawSamples(selector, {
			from: maxTime - 600_000,
			to: maxTime,
		});
		expect(found.map(({ values }) => values)).toEqual([samples]);
	});

	test("every sample of the ledger is there once", async ({
		blocks,
		ledger,
		thanos,
		prometheus,
		annotate,
	}) => {
		const aged = await blocks.aged;
		const cut = await blocks.cut;
		const { sidecar, store } = await eventually(
			`the store gateway has loaded block ${cut.ulid}`,
			budgets.request,
			async () => {
				const found = findStores(await thanos.stores());
				const { maxTime } = found.store;
				return maxTime >= cut.maxTime
					? found
					: notYet(`it has nothing later than ${formatMoment(maxTime)}`);
			},
		);
		const newest = ledger.history.acknowledged.at(-1);
		if (!newest) throw new Error("Prometheus has taken no number");
		const range = {
			from: aged.maxTime - 600_000,
			to: newest.timestamp,
		};
		const { selector } = ledger;
		const ask = async (only?: string) => {
			const found = await thanos.rawSamples(selector, {
				...range,
				...(only && { only }),
			});
			expect(found.slice(1), "further series of the ledger").toEqual([]);
			return found[0];
		};
		// The store gateway first: what is uploaded between two questions is no longer only local.
		const inStore = await ask(store.name);
		const inSidecar = await ask(sidecar.name);
		const found = await ask();

		const { global } = await prometheus.config();
		expect(found?.metric).toEqual({
			__name__: ledger.series.name,
			...ledger.series.labels,
			...global.external_labels,
		});
		const written = [
			...asEntries(aged),
			...ledger.history.entries.filter(
				({ timestamp }) => timestamp <= newest.timestamp,
			),
		];
		const series = found ? [found.values] : [];
		expect(findFlaws({ written, series })).toEqual([]);

		const [stored, local] = [
			timesOf(inStore?.values),
			timesOf(inSidecar?.values),
		];
		const both = stored.intersection(local);
		expect(
			[...timesOf(aged.samples).difference(stored)],
			"samples of the dropped block that the store gateway lacks",
		).toEqual([]);
		expect(both.size, "samples that both have").toBeGreaterThan(0);
		expect(stored).not.toContain(newest.timestamp);
		expect(local).toContain(newest.timestamp);
		await annotate(
			`of ${found?.values.length} samples, ${stored.size - both.size} were only in MinIO, ${both.size} in both, ${local.size - both.size} only in Prometheus`,
		);
	});

	test("the compactor reads every block and finds no trouble", async ({
		blocks,
		bucket,
		kube,
		environment,
	}) => {
		await blocks.cut;
		const uploaded = await bucket.blocks();
		const compactor = kube.proxy({
			namespace: environment.namespace,
			kind: "services",
			name: "thanos-compact",
			port: 10902,
		});
		const metrics = await eventually(
			"the compactor has looked at every block",
			budgets.scrapeInterval,
			async () => {
				const read = parseExposition((await compactor.get("/metrics")).text);
				const loaded = read.filter(
					({ name, labels }) =>
						name === "thanos_blocks_meta_synced" && labels.state === "loaded",
				);
				const count = sumOf(loaded, "thanos_blocks_meta_synced");
				return count >= uploaded.length
					? read
					: notYet(`it knows ${count} of ${uploaded.length} blocks`);
			},
		);
		expect(sumOf(metrics, "thanos_compact_iterations_total")).toBeGreaterThan(
			0,
		);
		expect(
			metrics
				.filter(({ name }) => name === "thanos_compact_halted")
				.map(({ value }) => value),
			"halted",
		).toEqual([0]);
		expect(
			(await bucket.list()).filter(({ name }) => name.endsWith("-mark.json")),
			"blocks that it has marked",
		).toEqual([]);
	});
});
