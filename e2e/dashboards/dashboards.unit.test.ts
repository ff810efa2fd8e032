import { readdir, readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { KubeError } from "../clients/api-server/api-server.ts";
import { projectPath } from "../common/paths.ts";
import { metricsIn } from "../common/promql.ts";
import {
	DashboardQueries,
	type QueriedPrometheus,
} from "./dashboard-queries.ts";
import { readExcused } from "./excused-metrics.ts";
import { queriesOf, type Variable } from "./queries.ts";
import { fillIn, findUnfilled, resolveVariables } from "./variables.ts";

const none = () => undefined;

function makeStack(
	stored: Record<string, Record<string, string>[]>,
): QueriedPrometheus {
	const series = (expression: string) =>
		metricsIn(expression).flatMap((name) => stored[name] ?? []);
	return {
		metricNames: async () => Object.keys(stored),
		ruleGroups: async () => [],
		config: async () => ({
			global: { scrape_interval: "1m", external_labels: {} },
			scrape_configs: [],
		}),
		evaluate: async () => undefined,
		query: async (expression) =>
			series(expression).map((metric) => ({
				metric,
				value: { timestamp: 0, value: 1 },
			})),
	};
}

describe("queries of a dashboard", () => {
	test("are found in panels, folded rows and annotations, only those for Prometheus", () => {
		const loki = { type: "loki", uid: "l" };
		const { queries, others } = queriesOf({
			title: "t",
			panels: [
				{ title: "a", targets: [{ expr: "up" }, { refId: "no query" }] },
				{ title: "row", panels: [{ title: "b", targets: [{ expr: "down" }] }] },
				{ title: "logs", datasource: loki, targets: [{ expr: "{a=`b`}" }] },
				{
					title: "mixed",
					datasource: "-- Mixed --",
					targets: [{ expr: "{}", datasource: loki }],
				},
			],
			annotations: { list: [{ expr: "ALERTS" }] },
		});
		expect(queries).toEqual([
			{ panel: "a", expression: "up" },
			{ panel: "b", expression: "down" },
			{ panel: "annotations", expression: "ALERTS" },
		]);
		expect(others).toBe(2);
	});
});

describe("variables", () => {
	const variable = (more: object): Variable => ({
		name: "v",
		type: "query",
		...more,
	});
	const stack = makeStack({
		up: [
			{ job: "a.b", pod: "p-1" },
			{ job: "c", pod: "p-2" },
		],
	});
	test.each([
		[{ query: "label_values(up, job)" }, "a.b"],
		[{ query: { query: "label_values(up, job)" } }, "a.b"],
		[{ query: "label_values(up, job)", multi: true }, "(a\\\\.b|c)"],
		[
			{ query: "label_values(up, job)", includeAll: true, allValue: ".+" },
			".+",
		],
		[{ query: "label_values(up, pod)", regex: "/p-(.*)/" }, "1"],
		[{ query: "query_result(up)", regex: '/pod="(p-2)"/' }, "p-2"],
		[{ query: "label_values(nothing, job)" }, ""],
		[{ type: "custom", query: "one : 1,two : 2" }, "1"],
		[{ type: "interval", query: "5m,1h", includeAll: false }, "5m"],
		[{ type: "constant", query: "x" }, "x"],
		[{ type: "custom", current: { value: "$__all" }, query: "a" }, "a"],
	])("%o is %s", async (more, value) => {
		const values = await resolveVariables([variable(more)], stack.query);
		expect(values.get("v")).toBe(value);
	});

	test("are used in the queries of later ones", async () => {
		const values = await resolveVariables(
			[
				variable({ name: "m", type: "constant", query: "up" }),
				variable({ query: "label_values($m, job)" }),
			],
			stack.query,
		);
		expect(values.get("v")).toBe("a.b");
	});

	test("are filled in in each of their forms, and nothing else is", () => {
		const values = new Map([["a", "1"]]);
		// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's syntax
		const filled = fillIn('x{a="$a",b="${a:regex}",c="[[a]]",d="$b$"}', values);
		expect(filled).toBe('x{a="1",b="1",c="1",d="$b$"}');
		expect(findUnfilled(filled)).toEqual(["$b"]);
		expect(findUnfilled('label_replace(up, "a", "$1", "b", "(.*)$")')).toEqual(
			[],
		);
	});
});

describe("a dashboard's query", () => {
	const judge = (
		expr: string,
		excused: (metric: string) => string | undefined = none,
		stack = makeStack({ up: [{}], empty: [] }),
	) =>
		new DashboardQueries(
			[{ title: "T", panels: [{ title: "P", targets: [{ expr }] }] }],
			excused,
		).run(stack);
	const missing = (expr: string) => [
		`T, P: ${expr} uses metrics that do not exist: gone`,
	];

	test("may be empty, but its metrics must exist", async () => {
		expect(await judge("rate(up[$__rate_interval])")).toEqual([]);
		expect(await judge("empty")).toEqual([]);
		expect(await judge("gone")).toEqual(missing("gone"));
		expect(await judge("empty / gone")).toEqual(missing("empty / gone"));
		expect(await judge("up or gone")).toEqual([]);
	});

	test.each(["gone or vector(0)", "up / gone or vector(0)"])(
		"is wrong although it has an answer: %s",
		async (expression) => {
			expect(await judge(expression)).toEqual(missing(expression));
		},
	);

	test("may be excused", async () => {
		expect(await judge("gone", () => "for a reason")).toEqual([]);
	});

	test("must not be refused, and must not use a variable that the dashboard does not have", async () => {
		const refused = new KubeError("400 parse error", { status: 400 });
		const stack = {
			...makeStack({}),
			evaluate: () => Promise.reject(refused),
		};
		expect(await judge("up{", none, stack)).toEqual([
			"T, P: up{: 400 parse error",
		]);
		expect(await judge('up{a="$b"}')).toEqual([
			'T, P: up{a="$b"} uses $b, which is not a variable of the dashboard',
		]);
	});

	test("may have a variable whose metric does not exist", async () => {
		const queries = new DashboardQueries(
			[
				{
					title: "T",
					templating: {
						list: [
							{ name: "v", type: "query", query: "label_values(gone, job)" },
						],
					},
				},
			],
			none,
		);
		expect(await queries.run(makeStack({}))).toEqual([
			"T, variable v: gone uses metrics that do not exist: gone",
		]);
	});

	test("is only checked again for what was wrong", async () => {
		const queries = new DashboardQueries(
			[
				{
					title: "T",
					panels: [{ targets: [{ expr: "up" }, { expr: "gone" }] }],
				},
			],
			none,
		);
		expect(queries.total).toBe(2);
		expect(await queries.run(makeStack({ up: [{}] }))).toHaveLength(1);
		const asked: string[] = [];
		const later = makeStack({ gone: [{}] });
		const watched = {
			...later,
			evaluate: (expression: string) => {
				asked.push(expression);
				return later.evaluate(expression);
			},
		};
		expect(await queries.run(watched)).toEqual([]);
		expect(asked).toEqual(["gone"]);
	});
});

test("the embedded chart's dashboards and absent-metrics.yaml can be read", async () => {
	const folder = projectPath("stack/charts/kube-prometheus-stack/dashboards");
	for (const file of await readdir(folder)) {
		const { queries } = queriesOf(
			JSON.parse(await readFile(`${folder}/${file}`, "utf8")),
		);
		expect(queries.length, file).toBeGreaterThan(5);
	}
	const sli = "apiserver_request_sli_duration_seconds_bucket";
	const excused = await readExcused("1.25.16");
	expect(excused("up")).toBeUndefined();
	expect(excused(sli)).toBeDefined();
	expect((await readExcused("1.26.0"))(sli)).toBeUndefined();
});
