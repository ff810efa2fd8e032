import { expect, test } from "vitest";
import { explainLost } from "./lost-series.ts";

const scrapePool = "podMonitor/m/o11y-apps/0";
const exposed = ["0", "998"].map((number) => ({
	__name__: "o11y_e2e_sample_bulk",
	number,
}));

const find = (...metric_relabel_configs: object[]) =>
	explainLost(
		[{ scrapePool, labels: { job: "m/o11y-apps", pod: "p" } }],
		{ namespace: "n", name: "p" },
		exposed,
		[{ job_name: scrapePool, scrape_interval: "1m", metric_relabel_configs }],
	);

test.each([
	[
		{ source_labels: ["__name__"], regex: "(http|go)_.+", action: "keep" },
		"keep of __name__ matching (http|go)_.+",
	],
	[
		{ source_labels: ["number"], regex: "[0-9]{3,}", action: "drop" },
		"drop of number matching [0-9]{3,}",
	],
	[{ action: "labeldrop", regex: "pod|uid" }, "labeldrop matching pod|uid"],
	[
		{ action: "labelkeep", regex: "__name__|pod" },
		"labelkeep matching __name__|pod",
	],
	[
		{ target_label: "namespace", replacement: "apps" },
		"replace matching (.*) into namespace",
	],
])(
	"the step that drops or changes a pod's series is told: %o",
	(step, told) => {
		expect(find(step)).toEqual([
			`metric relabelling of ${scrapePool} drops or changes them (${told})`,
		]);
	},
);

test("steps about other labels or series are not", () => {
	expect(
		find(
			{ action: "labeldrop", regex: "uid|job" },
			{ action: "drop", source_labels: ["pod"], regex: "x" },
			{ action: "drop", source_labels: ["__name__"], regex: "go_.+" },
			{ source_labels: ["pod"], target_label: "name" },
		),
	).toEqual([]);
});
