import { expect, test } from "vitest";
import { findLabelChanges } from "./label-changes.ts";

const pool = { job_name: "pool", scrape_interval: "1m" };
const find = (...metric_relabel_configs: object[]) =>
	findLabelChanges({ ...pool, metric_relabel_configs }, ["pod", "namespace"]);

test("rules that remove or rewrite a label are told with it", () => {
	expect(find({ action: "labeldrop", regex: "pod|uid" })).toEqual([
		"metric relabelling of pool removes label pod (labeldrop of pod|uid)",
	]);
	expect(find({ action: "labelkeep", regex: "pod" })).toEqual([
		"metric relabelling of pool removes label namespace (labelkeep of pod)",
	]);
	expect(find({ target_label: "namespace", replacement: "apps" })).toEqual([
		"metric relabelling of pool rewrites label namespace (replace)",
	]);
});

test("rules about other labels, or about whole series, are not", () => {
	expect(
		find(
			{ action: "labeldrop", regex: "uid" },
			{ action: "drop", source_labels: ["pod"], regex: "x" },
			{ source_labels: ["pod"], target_label: "name" },
		),
	).toEqual([]);
	expect(findLabelChanges(pool, ["pod"])).toEqual([]);
});
