import { expect, test } from "vitest";
import { describeRefusedSamples } from "./refused-samples.ts";

function makeMetrics(bounds: number, order: number) {
	return Object.entries({ out_of_bounds: bounds, out_of_order: order }).map(
		([reason, value]) => ({
			name: `prometheus_target_scrapes_sample_${reason}_total`,
			labels: {},
			value,
		}),
	);
}

test("what was refused since the start is counted", () => {
	expect(describeRefusedSamples(makeMetrics(7, 1), makeMetrics(5, 1))).toBe(
		"scraped samples that Prometheus has refused since then: 2 out of bounds, 0 out of order",
	);
	expect(describeRefusedSamples(makeMetrics(7, 1))).toMatch("7 out of bounds");
	expect(() => describeRefusedSamples([])).toThrow("no counter");
});
