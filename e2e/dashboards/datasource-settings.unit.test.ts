import { expect, test } from "vitest";
import type { Datasource } from "../clients/grafana.ts";
import { findWrongSettings, timeIntervalOf } from "./datasource-settings.ts";
import { makeDatasource } from "./queries/made-datasources.ts";

const thanos = makeDatasource("Thanos");

function judge(jsonData: Datasource["jsonData"]) {
	return findWrongSettings([
		thanos,
		makeDatasource("Prometheus", { jsonData }),
	]);
}

test("links lead to datasources that there are", () => {
	const exemplars = (datasourceUid: string) => ({
		exemplarTraceIdDestinations: [{ name: "trace_id", datasourceUid }],
	});
	expect(judge(exemplars("tempo"))).toEqual([
		"datasource Prometheus has datasourceUid: tempo, and no datasource has this uid: there are prometheus, thanos",
	]);
	expect(judge({ alertmanagerUid: "alertmanager" })).toHaveLength(1);
	expect(judge({ tracesToLogsV2: { datasourceUid: "loki" } })).toHaveLength(1);
	for (const right of [
		exemplars("thanos"),
		{ exemplarTraceIdDestinations: [{ name: "id", url: "http://tempo" }] },
		{ alertmanagerUid: "" },
		{ derivedFields: [{ name: "id", url: "$" }, { datasourceUid: "$uid" }] },
	])
		expect(judge(right)).toEqual([]);
});

test("Grafana wants an interval as a text", () => {
	expect(judge({ timeInterval: 60 })).toEqual([
		expect.stringContaining("timeInterval: 60, a number"),
	]);
	expect(judge({ timeInterval: "a minute" })).toEqual([
		expect.stringContaining("no duration"),
	]);
	for (const timeInterval of ["60s", "1m", "60", "", undefined])
		expect(judge({ timeInterval })).toEqual([]);
	const of = (timeInterval?: string | number) =>
		timeIntervalOf({ jsonData: { timeInterval } });
	expect(["60s", "a minute", 60, "", undefined].map(of)).toEqual([
		...["60s", "15s", "15s", "15s", "15s"],
	]);
});

test("no parameter leaves out some of Thanos' stores", () => {
	const withParameters = (customQueryParameters: string) =>
		judge({ customQueryParameters });
	expect(withParameters('storeMatch[]={__address__=~"prometheus.+"}')).toEqual([
		expect.stringContaining("by which Thanos asks only some of its stores"),
	]);
	expect(withParameters("max_source_resolution=5m&dedup=true")).toEqual([]);
});

test("no parameter asks for the coarsest samples alone", () => {
	const find = (customQueryParameters: string) =>
		judge({ customQueryParameters });
	for (const coarse of ["1h", "3600", "3600s", "1h&dedup=true"])
		expect(find(`max_source_resolution=${coarse}`)).toEqual([
			expect.stringMatching(
				/^datasource Prometheus has customQueryParameters: max_source_resolution=.* one sample per hour/,
			),
		]);
	for (const fine of [
		"auto",
		"0s",
		"0",
		"5m",
		"300s",
		"30m",
		"",
		"$resolution",
	])
		expect(
			find(`partial_response=false&max_source_resolution=${fine}`),
		).toEqual([]);
	const yearly = makeDatasource("Thanos by the hour", {
		jsonData: { customQueryParameters: "max_source_resolution=1h" },
	});
	expect(findWrongSettings([yearly])).toEqual([]);
});

test("a query over months has time", () => {
	expect(judge({ timeout: 1 })).toEqual([
		"datasource Prometheus has timeout: 1 (seconds), and a query over months may take longer: give it 10 s or more",
	]);
	expect(judge({ timeout: "5" })).toHaveLength(1);
	expect(judge({ customQueryParameters: "timeout=1s" })).toHaveLength(1);
	for (const healthy of [
		{ timeout: 30 },
		{ timeout: "60" },
		{ timeout: 0 },
		{ timeout: "" },
		{ customQueryParameters: "timeout=2m&dedup=true" },
	])
		expect(judge(healthy)).toEqual([]);
});
