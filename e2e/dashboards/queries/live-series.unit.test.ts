import { expect, test } from "vitest";
import type { Selector } from "../../common/promql/expressions.ts";
import { LiveSeries } from "./live-series.ts";

const since = { scraped: 2, recorded: 1 };
const by = { uid: "prometheus" };
const sensors = { metric: "node_scrape_ok", text: 'node_scrape_ok{c="hwmon"}' };

function look(
	newest: Readonly<Record<string, number>>,
	rules: Readonly<Record<string, string>> = {},
	type: "recording" | "alerting" = "recording",
	interval = 60,
) {
	return new LiveSeries(
		Object.entries(rules).map(([name, query]) => ({
			interval,
			rules: [{ type, name, query }],
		})),
		(selector: Selector) =>
			selector.metric === "limits"
				? [{ reason: "nobody sets one" }]
				: selector.metric.startsWith("node_hwmon_")
					? [{ reason: "no sensor", witness: sensors }]
					: selector.metric.startsWith("kube_cronjob_")
						? [{ reason: "none", kind: "batch/v1 CronJob" }]
						: selector.text.endsWith('{code=~"5.."}')
							? [
									{
										reason: "no request has failed",
										whole: { ...selector, text: `${selector.metric}{}` },
									},
								]
							: [],
		async (_, { text }, from) => ((newest[text] ?? 0) >= from ? 1 : 0),
		since,
		{
			namespaces: ["default", "kube-system"],
			jobs: ["node-exporter", "monitoring/o11y-apps"],
			hasObject: async (kind, [matcher]) =>
				kind === "batch/v1 CronJob" && matcher?.value !== "media",
			whyWithheld: (metric) =>
				metric === "node_hwmon_power_watt" ? "a step drops it" : undefined,
			whyOnPurpose: ({ metric }) =>
				/^(cut|off:sum)$/.test(metric) ? "it is left out" : undefined,
		},
	);
}

test("what is scraped must have samples since the test began, with the same matchers", async () => {
	const live = look({ up: 2, go_old: 1, 'up{a="b"}': 2 });
	expect(await live.missing(by, 'up + up{a="b"}')).toEqual([]);
	expect(await live.missing(by, 'go_old + up{a="c"} + limits')).toEqual([
		"go_old",
		'up{a="c"}',
	]);
	expect([...live.excuses]).toEqual([["limits", "nobody sets one"]]);
});

test("what is recorded may be older, if the rule's own series are live", async () => {
	const stored = { "a:b": 1, up: 2, go_old: 1 };
	expect(await look(stored, { "a:b": "sum(up)" }).missing(by, "a:b")).toEqual(
		[],
	);
	expect(
		await look(stored, { "a:b": "sum(go_old)" }).missing(by, "a:b"),
	).toEqual(["a:b"]);
	expect(await look({ up: 2 }, { "a:b": "up" }).missing(by, "a:b")).toEqual([
		"a:b",
	]);
});

test("what is recorded of something that may be absent may be absent", async () => {
	const rules = { "a:b": "sum(limits) / up", "c:d": "sum(a:b)" };
	const live = look({ up: 2 }, rules);
	expect(await live.missing(by, "c:d")).toEqual([]);
	expect(await live.isExcused(by, "c:d")).toBe(true);
	expect(await live.isExcused(by, "up")).toBe(false);
	// It had samples, and may have gone since.
	expect(await look({ limits: 2 }).isExcused(by, "limits")).toBe(true);
});

test("what is recorded seldom may not be there yet, if the rule's own series are live", async () => {
	const live = look(
		{ up: 2 },
		{ a: "sum(up)", b: "go_gone" },
		"recording",
		180,
	);
	expect(await live.missing(by, "a")).toEqual([]);
	expect(await live.missing(by, "b")).toEqual(["b"]);
	expect([...live.excuses]).toEqual([
		["a", "it is recorded every 3m, which the test does not wait for"],
	]);
});

test("a rule that uses itself and an alerting rule excuse nothing", async () => {
	const loop = look({}, { loop: "loop offset 1m" });
	expect(await loop.missing(by, "loop")).toEqual(["loop"]);
	const down = look({}, { kube_down: "limits" }, "alerting");
	expect(await down.missing(by, "kube_down")).toEqual(["kube_down"]);
});

test("series of errors may be absent if the metric has others", async () => {
	const errors = 'go_requests_total{code=~"5.."}';
	const live = look({ "go_requests_total{}": 2 });
	expect(await live.missing(by, errors)).toEqual([]);
	expect([...live.excuses]).toEqual([
		["go_requests_total", "no request has failed"],
	]);
	expect(await look({}).missing(by, errors)).toEqual([errors]);
});

test("series of an application that is not here may be absent", async () => {
	const documents = "sum(paperless_documents_total)";
	const live = look({});
	expect(await live.missing(by, documents)).toEqual([]);
	expect(await live.isExcused(by, documents)).toBe(true);
	expect(live.excuses.get("paperless_documents_total")).toContain("paperless");
	// It runs here, and has other metrics.
	const runs = look({ '{__name__=~"paperless(_.+)?"}': 2 });
	expect(await runs.missing(by, documents)).toEqual([
		"paperless_documents_total",
	]);
	expect(await live.missing(by, "sum(prometheus_tsdb_blocks_old)")).toEqual([
		"prometheus_tsdb_blocks_old",
	]);
});

test("what every application has may be absent for a namespace that does not exist", async () => {
	const live = look({
		"container_cpu{}": 2,
		"http_requests_total{}": 2,
		'{__name__=~"http(_.+)?"}': 2,
	});
	expect(
		await live.missing(by, 'http_requests_total{namespace="media"}'),
	).toEqual([]);
	expect(await live.missing(by, 'container_cpu{namespace="media"}')).toEqual(
		[],
	);
	for (const lost of [
		'container_cpu{namespace="default"}',
		'container_cpu{namespace=~"media|kube.*"}',
		'container_memory{namespace="media"}',
		'prometheus_series{namespace="media"}',
	])
		expect(await live.missing(by, lost)).toEqual([lost]);
});

test("it may be absent for a job that no job here resembles", async () => {
	const live = look({ "up{}": 2 });
	for (const job of ["paperless", "speedtest-exporter", "media/apps"])
		expect(await live.missing(by, `up{job="${job}"}`)).toEqual([]);
	expect(live.excuses.get("up")).toBe("there is no job media/apps here");
	for (const lost of [
		'up{job="node"}',
		'up{job=~"nodes|pods"}',
		'up{job="pods"}',
		'up{job="kubernetes-apps"}',
		'up{job="node-exporter"}',
		'go_threads{job="paperless"}',
	])
		expect(await live.missing(by, lost)).toEqual([lost]);
});

test("hardware that is not there excuses its metrics, if nothing else keeps them away", async () => {
	const runs = look({ [sensors.text]: 2 });
	expect(await runs.missing(by, "node_hwmon_temp_celsius")).toEqual([]);
	expect(await runs.missing(by, "node_hwmon_power_watt")).toEqual([
		"node_hwmon_power_watt (a step drops it)",
	]);
	// The collector is switched off.
	expect(await look({}).missing(by, "node_hwmon_temp_celsius")).toEqual([
		"node_hwmon_temp_celsius",
	]);
});

test("objects that are not there excuse their metrics, those that are do not", async () => {
	const there = 'kube_cronjob_info{namespace="backup"}';
	const query = `kube_cronjob_info{namespace="media"} + ${there}`;
	expect(await look({}).missing(by, query)).toEqual([there]);
});

test("what is left out on purpose may be absent, and what is recorded from it", async () => {
	const live = look({ up: 2 }, { "cut:sum": "sum(cut)", "off:of": "off:sum" });
	const query = "cut:sum + cut + off:sum + off:of";
	expect(await live.missing(by, query)).toEqual([]);
	expect(await live.isExcused(by, "off:sum")).toBe(true);
	expect([...live.excuses]).toEqual([
		["cut", "it is left out"],
		["off:sum", "it is left out"],
	]);
	// A loaded rule of that name has to record.
	expect(await look({}, { "off:sum": "up" }).missing(by, "off:sum")).toEqual([
		"off:sum",
	]);
});
