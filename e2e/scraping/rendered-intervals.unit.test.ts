import { expect, test } from "vitest";
import { podMonitor, serviceMonitor } from "./cluster-state.ts";
import { compareIntervals } from "./rendered-intervals.ts";

const metadata = { name: "m", namespace: "n" };
const monitors = {
	serviceMonitors: [
		serviceMonitor.parse({
			apiVersion: "",
			kind: "",
			metadata,
			spec: { endpoints: [{ interval: "10s" }, { interval: "" }] },
		}),
	],
	podMonitors: [
		podMonitor.parse({
			apiVersion: "",
			kind: "",
			metadata,
			spec: { podMetricsEndpoints: [{}] },
		}),
	],
};

function makeLoaded(interval: string, global = "1m") {
	return {
		global: { scrape_interval: global, external_labels: {} },
		scrape_configs: [
			{ job_name: "serviceMonitor/n/m/0", scrape_interval: interval },
			{ job_name: "serviceMonitor/n/m/1", scrape_interval: global },
			{ job_name: "podMonitor/n/m/0", scrape_interval: global },
		],
	};
}

test("nothing is reported if all intervals are loaded", () => {
	expect(compareIntervals("60s", monitors, makeLoaded("10s"))).toEqual([]);
});

test("an interval that is not loaded yet is reported", () => {
	expect(compareIntervals("60s", monitors, makeLoaded("1m"))).toEqual([
		"serviceMonitor/n/m/0 has an interval of 1m instead of 10s",
	]);
	expect(compareIntervals("30s", monitors, makeLoaded("10s"))[0]).toBe(
		"global has an interval of 1m instead of 30s",
	);
});

test("a monitor that is not loaded yet is reported", () => {
	const { global, scrape_configs } = makeLoaded("10s");
	const loaded = { global, scrape_configs: scrape_configs.slice(0, 2) };
	expect(compareIntervals("60s", monitors, loaded)).toEqual([
		"job podMonitor/n/m/0 is missing",
	]);
});
