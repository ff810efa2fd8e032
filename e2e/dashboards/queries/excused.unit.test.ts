import { expect, test } from "vitest";
import { readExcused } from "./excused.ts";

test("absent-series.yaml excuses by name, part and version", async () => {
	const excuses = await readExcused("1.25.16");
	const of = (metric: string, text = metric) => excuses({ metric, text });
	const sli = "apiserver_request_sli_duration_seconds_bucket";
	expect(of("up")).toEqual([]);
	expect(of(sli)).toHaveLength(1);
	expect((await readExcused("1.26.0"))({ metric: sli, text: sli })).toEqual([]);
	expect(of("node_hwmon_temp_celsius")).toMatchObject([
		{ witness: { text: 'node_scrape_collector_success{collector="hwmon"}' } },
	]);
	expect(of("node_hwmon_temp_celcius")).toEqual([]);
	const last = "kube_cronjob_status_last_successful_time";
	expect(of(last, `${last}{namespace=~"b|c", cronjob="d"}`)).toMatchObject([
		{ kind: "batch/v1 CronJob" },
		{
			witness: {
				metric: "kube_cronjob_info",
				text: 'kube_cronjob_info{namespace=~"b|c"}',
			},
		},
	]);
	expect(of("kube_cronjob_status_last_sucessful_time")).toEqual([]);
	for (const errors of [
		'x{a="b",code=~"5.."}',
		'x{status_code =~ "[45]..", a="b"}',
		'x{a="b", code!~"2.."}',
		'x{a="b", result="error"}',
		'x{grpc_code="5", a="b"}',
	])
		expect(of("x", errors)).toMatchObject([
			{ whole: { metric: "x", text: 'x{a="b"}' } },
		]);
	for (const other of ['x{code="200"}', 'x{encode="5"}', "x"])
		expect(of("x", other)).toEqual([]);
});

test("parts of the stack that need not run are excused, and what every cluster has of them is not", async () => {
	const excuses = await readExcused("1.34.1");
	const of = (metric: string, text = metric) => excuses({ metric, text });
	for (const absent of [
		"thanos_receive_replications_total",
		"thanos_rule_evaluation_with_warnings_total",
		"alertmanager_cluster_members",
		"prometheus_remote_storage_samples_pending",
		"etcd_server_has_leader",
	])
		expect(of(absent), absent).toHaveLength(1);
	for (const there of [
		"thanos_sidecar_prometheus_up",
		"thanos_query_concurrent_gate_queries_max",
		"alertmanager_cluster_enabled",
		"prometheus_tsdb_head_series",
		"etcd_request_duration_seconds_bucket",
	])
		expect(of(there), there).toEqual([]);
	expect(of("up", 'up{job=~".*thanos-receive.*"}')).toMatchObject([
		{ whole: { metric: "up" } },
	]);
	expect(of("up", 'up{job=~".*thanos-query.*"}')).toEqual([]);
});
