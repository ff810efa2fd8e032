import { expect, test } from "vitest";
import { madeDatasources } from "./made-datasources.ts";
import { readDashboard } from "./model.ts";
import { makePanelRequest } from "./panel-request.ts";
import { intervalOf, readRange } from "./time.ts";
import { makeUnsetRates } from "./unset-rates.ts";

const hour = 3_600_000;
const range = { from: 0, to: 6 * hour };

function request(panel: object) {
	const { panels } = readDashboard({ title: "t", panels: [panel] });
	const [read] = panels;
	if (!read) throw new Error("the panel has no targets");
	return makePanelRequest(read, new Map(), madeDatasources, range);
}

test("a query is sent with what Grafana's pages add", () => {
	const { body, asked } = request({
		datasource: { type: "prometheus", uid: "prometheus" },
		gridPos: { w: 12 },
		targets: [{ expr: "up", legendFormat: "{{job}}" }],
	});
	expect(body).toMatchObject({
		from: "0",
		to: String(6 * hour + 60_000),
		queries: [
			{
				refId: "A",
				expr: "up",
				datasource: { type: "prometheus", uid: "prometheus" },
				intervalMs: 60_000,
				maxDataPoints: 925,
				legendFormat: "{{job}}",
			},
		],
	});
	expect(asked).toMatchObject([{ refId: "A", intervalMs: 60_000 }]);
});

test("a graph ends a step later, so that what is stored now is in it, and nothing else does", () => {
	const end = (...targets: object[]) =>
		Number(request({ datasource: "Prometheus", targets }).body.to) - 6 * hour;
	expect(end({ expr: "up" })).toBe(60_000);
	expect(end({ expr: "up", instant: true })).toBe(0);
	expect(end({ expr: "up" }, { expr: "up", instant: true })).toBe(0);
	const { body } = request({ datasource: "Loki", targets: [{ expr: "{}" }] });
	expect(body.to).toBe(String(6 * hour));
});

test("points are 15 s apart at least, unless the datasource or the panel says something else", () => {
	const intervalMs = (more: object) =>
		request({ targets: [{ expr: "up" }], maxDataPoints: 3000, ...more })
			.asked[0]?.intervalMs;
	expect(intervalMs({})).toBe(15_000);
	expect(intervalMs({ datasource: "Prometheus" })).toBe(60_000);
	expect(intervalMs({ interval: "2m" })).toBe(120_000);
	expect(intervalMs({ datasource: "Loki" })).toBe(5000);
});

test("hidden queries are sent for an expression only, and no samples are wanted of them", () => {
	const hidden = { refId: "A", expr: "up", hide: true };
	expect(request({ targets: [hidden] }).body.queries).toEqual([]);
	const expression = {
		refId: "B",
		type: "math",
		expression: "$A * 2",
		datasource: { type: "__expr__", uid: "__expr__" },
	};
	const { body, asked } = request({ targets: [hidden, expression] });
	expect(body.queries).toHaveLength(2);
	expect(asked.map(({ refId }) => refId)).toEqual(["B"]);
});

test("both kinds of a query are sent, and those of Loki with its own fields", () => {
	const both = { refId: "A", expr: "up", instant: true, range: true };
	expect(request({ targets: [both] }).asked.map(({ refId }) => refId)).toEqual([
		"A",
		"A_Instant",
	]);
	const { body } = request({ datasource: "Loki", targets: [{ expr: "{}" }] });
	expect(body.queries).toMatchObject([{ queryType: "range", maxLines: 1000 }]);
});

test.each([
	[{}, "$__interval"],
	[{ instant: true }, "$__range"],
])("Loki's own variable is sent to a query with %j as %s", (form, meant) => {
	const target = { expr: 'rate({a="b"}[$__auto])', ...form };
	const { body } = request({ datasource: "Loki", targets: [target] });
	expect(body.queries).toMatchObject([{ expr: `rate({a="b"}[${meant}])` }]);
});

test("what cannot be sent has a reason", () => {
	const { flaws, asked } = request({
		datasource: "-- Mixed --",
		targets: [
			{ refId: "A", expr: "up", datasource: "gone" },
			{ refId: "B", expr: 'up{a="$b"}' },
			{ refId: "C", expr: "up" },
		],
	});
	const odd = { interval: "auto", targets: [{ refId: "A", expr: "up" }] };
	expect([...request(odd).flaws]).toEqual([
		["A", 'its least interval is not a duration: "auto"'],
	]);
	expect(Object.fromEntries(flaws)).toEqual({
		A: expect.stringContaining("it names the datasource gone"),
		B: 'up{a="$b"} uses $b, which is not a variable of the dashboard',
	});
	expect(asked.map(({ refId }) => refId)).toEqual(["C"]);
});

test("time ranges are read as Grafana writes them", () => {
	const now = 100 * 24 * hour;
	const read = (from: string, to = "now") => readRange({ from, to }, now);
	expect(read("now-6h")).toEqual({ from: now - 6 * hour, to: now });
	expect(read("now-1d/d", "now-1h")).toEqual({
		from: now - 48 * hour,
		to: now - hour,
	});
	expect(read("now-1M")).toEqual({ from: now - 30 * 24 * hour, to: now });
	expect(read("1970-01-01T01:00:00Z", "7200000")).toEqual({
		from: hour,
		to: 2 * hour,
	});
	expect(read("now/d", "now+1d")).toEqual({
		from: now - 24 * hour,
		to: now + 24 * hour,
	});
	expect(read("now-1d/d+8h", "now-m")).toEqual({
		from: now - 40 * hour,
		to: now - hour / 60,
	});
	expect(read("now-1fQ").from).toBe(now - 91 * 24 * hour);
	expect(intervalOf(range, 1000, undefined)).toBe(20_000);
	expect(intervalOf(range, 1000, ">90")).toBe(90_000);
});

test.each(["", "yesterday", "now-1x", "now+-1d", "99999999999999999999"])(
	"%j is no time",
	(from) => {
		expect(() => readRange({ from, to: "now" }, 0)).toThrow(
			`${JSON.stringify(from)} is neither a moment nor Grafana's date math`,
		);
	},
);

test("without a timeInterval, $__rate_interval is a minute", () => {
	const [panel] = readDashboard({
		title: "t",
		panels: [
			{
				datasource: "Prometheus",
				gridPos: { w: 12 },
				targets: [{ expr: "rate(x[$__rate_interval])" }, { expr: "up" }],
			},
		],
	}).panels;
	if (!panel) throw new Error("the panel has no targets");
	const { body } = makeUnsetRates(panel, new Map(), madeDatasources, range);
	expect(body.queries).toMatchObject([{ expr: "rate(x[60000ms])" }]);
});
