import { expect, test } from "vitest";
import type { ScrapeConfig } from "../clients/prometheus-schemas.ts";
import { readMetricRelabelling } from "./series-labels.ts";

function makeConfigs(regex: string): ScrapeConfig[] {
	return [
		{
			job_name: "a",
			scrape_interval: "1m",
			metric_relabel_configs: [
				{ action: "drop", source_labels: ["__name__"], regex },
			],
		},
	];
}

test("a configuration's relabelling is parsed once, and that of another one is its own", () => {
	const configs = makeConfigs("go_.+");
	const steps = readMetricRelabelling("a", configs);
	expect(steps.map(({ regex }) => regex)).toEqual(["go_.+"]);
	expect(readMetricRelabelling("a", configs)).toBe(steps);
	const [other] = readMetricRelabelling("a", makeConfigs("up"));
	expect(other?.regex).toBe("up");
	expect(readMetricRelabelling("unknown", configs)).toEqual([]);
});
