import { expect, test } from "vitest";
import type { ActiveTarget } from "../clients/prometheus-schemas.ts";
import { promisedComponents, takeByImage } from "./promised-targets.ts";

function makeTarget(image: string): ActiveTarget {
	return {
		discoveredLabels: { __meta_kubernetes_pod_container_image: image },
		labels: {},
		scrapePool: "serviceMonitor/n/m/0",
		scrapeUrl: "http://a:1/metrics",
		lastError: "",
		lastScrape: "",
		health: "up",
	};
}

test("targets are known by their container's image, whatever the registry", () => {
	const targets = [
		"quay.io/x/node-exporter:v1",
		"node_exporter@sha256:1",
		"x",
	].map(makeTarget);
	const image = "prometheus-node-exporter|node[-_]exporter";
	expect(takeByImage({ image }, targets)).toHaveLength(2);
	expect(takeByImage({ image, argument: "sidecar" }, targets)).toEqual([]);
	expect(takeByImage({}, targets)).toEqual([]);
});

test("nobody need store versions, and one series does not stand for a component of the chart", () => {
	for (const { series, addon } of promisedComponents) {
		expect(series.filter((each) => each.endsWith("_build_info"))).toEqual([]);
		expect(series.length).toBeGreaterThanOrEqual(addon ? 1 : 2);
	}
});
