import { describe, expect, test } from "vitest";
import { relabelSteps } from "../common/relabelling/relabel.ts";
import {
	findForeignTimings,
	findMerged,
	findRewrites,
} from "./label-writes.ts";

const pool = "podMonitor/m/o11y-apps/0";
const config = { job_name: pool, scrape_interval: "1m" };

describe("what tells the parts of a histogram or a summary apart", () => {
	const find = (...steps: object[]) =>
		findMerged(pool, relabelSteps.parse(steps));

	test("must not be taken away", () => {
		expect(
			find({ action: "labeldrop", regex: "le|path" }, { regex: "x" }),
		).toEqual([
			`pool ${pool} takes the label le from series (labeldrop matching le|path): of all parts of an application's histogram only one is stored`,
		]);
		expect(
			find({ action: "labelkeep", regex: "__name__|namespace|pod|le" }),
		).toEqual([expect.stringMatching(/takes the label quantile .* summary/)]);
	});

	test("may go with the series themselves", () => {
		const none = {
			source_labels: ["__name__"],
			regex: ".+_(bucket|seconds)",
			action: "drop",
		};
		expect(find(none, { action: "labeldrop", regex: "le" })).toEqual([]);
		expect(find({ action: "labeldrop", regex: "path" })).toEqual([]);
	});

	test("may have another name for a while", () => {
		const rename = (from: string, to: string) => [
			{ source_labels: [from], target_label: to },
			{ action: "labeldrop", regex: from },
		];
		expect(find(...rename("le", "tmp"), ...rename("tmp", "le"))).toEqual([]);
	});
});

describe("what tells pods apart", () => {
	const find = (...steps: object[]) =>
		findRewrites(pool, relabelSteps.parse(steps));

	test.each([
		["some", { source_labels: ["namespace"], regex: "staging-.*" }],
		["a part", { source_labels: ["namespace"], regex: "(.+)-staging" }],
		["another", { source_labels: ["__meta_kubernetes_pod_node_name"] }],
		["a constant", { replacement: "apps" }],
		["two", { source_labels: ["namespace", "pod"] }],
		["capitals", { action: "uppercase", source_labels: ["namespace"] }],
	])("%s: a step that writes something else is reported", (_, step) => {
		expect(find({ target_label: "namespace", ...step })).toEqual([
			expect.stringMatching(
				/^pool .*o11y-apps\/0 rewrites label namespace of some pods \(/,
			),
		]);
	});

	test("what the operator or the application says, and other labels, are not", () => {
		expect(
			find(
				{
					source_labels: ["__meta_kubernetes_namespace"],
					target_label: "namespace",
				},
				{
					source_labels: ["__meta_kubernetes_pod_name"],
					regex: "(.+)",
					replacement: "$1",
					target_label: "pod",
				},
				{
					source_labels: ["exported_container"],
					regex: "(.+)",
					target_label: "container",
				},
				{
					source_labels: ["pod"],
					target_label: "pod",
					action: "lowercase",
				},
				{ source_labels: ["pod"], regex: "(.+)-.+", target_label: "app" },
				{ regex: "__meta_kubernetes_pod_label_(.+)", action: "labelmap" },
				{ source_labels: ["namespace"], regex: "x", action: "drop" },
			),
		).toEqual([]);
	});
});

describe("how often pods are scraped", () => {
	const find = (...steps: object[]) =>
		findForeignTimings(config, relabelSteps.parse(steps));
	const ofMedia = {
		source_labels: ["__meta_kubernetes_namespace"],
		regex: "media",
	};

	test("an interval of some pods, and a time-out that is too long, are reported", () => {
		expect(
			find(
				{
					...ofMedia,
					target_label: "__scrape_interval__",
					replacement: "5m",
				},
				{
					...ofMedia,
					target_label: "__scrape_timeout__",
					replacement: "2m",
				},
			),
		).toEqual([
			`pool ${pool} scrapes some pods each 5m instead of 1m (replace of __meta_kubernetes_namespace matching media into __scrape_interval__)`,
			expect.stringMatching(
				/a time-out of 2m, .*1m .*: Prometheus refuses them$/,
			),
		]);
	});

	test("the pool's interval, a shorter time-out, and what a pod asks for are not", () => {
		expect(
			find(
				{ target_label: "__scrape_interval__", replacement: "60s" },
				{ target_label: "__scrape_timeout__", replacement: "30s" },
				{
					source_labels: ["__meta_kubernetes_pod_annotation_interval"],
					regex: "(.+)",
					target_label: "__scrape_interval__",
				},
			),
		).toEqual([]);
	});
});
