import { expect, test } from "vitest";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type { ActiveTarget } from "../clients/prometheus-schemas.ts";
import {
	findBrokenPromises,
	type PromisedComponent,
	takeByImage,
} from "./promised-targets.ts";

function makeTarget(instance: string, image?: string): ActiveTarget {
	return {
		discoveredLabels: image
			? { __meta_kubernetes_pod_container_image: image }
			: {},
		labels: { job: "minio", instance },
		scrapePool: "serviceMonitor/n/m/0",
		scrapeUrl: `http://${instance}/metrics`,
		lastError: "",
		lastScrape: "",
		health: "up",
	};
}

/** @param stored the targets' instances by the queries that yield them */
function makePrometheus(
	active: readonly ActiveTarget[],
	stored: Readonly<Record<string, string>>,
): Pick<PrometheusClient, "targets" | "config" | "query"> {
	return {
		targets: () =>
			Promise.resolve({ active: [...active], dropped: [], droppedCounts: {} }),
		config: () =>
			Promise.resolve({
				global: { scrape_interval: "1m", external_labels: {} },
				scrape_configs: [],
			}),
		query: (expression) => {
			const instance = Object.entries(stored).find(([name]) =>
				expression.includes(name),
			)?.[1];
			const metric = { job: "minio", instance: instance ?? "" };
			const value = { timestamp: 0, value: 1 };
			return Promise.resolve(instance ? [{ metric, value }] : []);
		},
	};
}

const minio: PromisedComponent = {
	component: "MinIO",
	series: ["minio_cluster", "minio_node"],
};

test("targets are known by their container's image, whatever the registry", () => {
	const targets = [
		"quay.io/x/node-exporter:v1",
		"node_exporter@sha256:1",
		"x",
	].map((image) => makeTarget(image, image));
	const image = "prometheus-node-exporter|node[-_]exporter";
	expect(takeByImage({ image }, targets)).toHaveLength(2);
	expect(takeByImage({ image, argument: "sidecar" }, targets)).toEqual([]);
	expect(takeByImage({}, targets)).toEqual([]);
});

test("a component that is scraped, and whose own metrics are dropped, keeps the promise", async () => {
	const component = { ...minio, image: "minio" };
	const active = [makeTarget("a:1", "quay.io/minio/minio:v1")];
	expect(
		await findBrokenPromises([component], makePrometheus(active, {}), []),
	).toEqual([]);
	const emptied = { scrape_samples_post_metric_relabeling: "a:1" };
	expect(
		await findBrokenPromises([component], makePrometheus(active, emptied), []),
	).toEqual([
		"MinIO: metric relabelling of serviceMonitor/n/m/0 drops every sample of http://a:1/metrics",
	]);
});

test("each endpoint's series must be there where there is no image", async () => {
	const active = [makeTarget("a:1")];
	const find = (stored: Readonly<Record<string, string>>) =>
		findBrokenPromises([minio], makePrometheus(active, stored), []);
	expect(await find({ minio_cluster: "a:1", minio_node: "a:1" })).toEqual([]);
	expect(await find({ minio_cluster: "a:1" })).toEqual([
		"MinIO: Prometheus has no series minio_node from any target",
	]);
	expect(await find({})).toHaveLength(2);
});
