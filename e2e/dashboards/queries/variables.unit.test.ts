import { describe, expect, test } from "vitest";
import {
	fillIn,
	findUnfilled,
	inLogql,
	inPromql,
	type VariableValue,
	whyUnfilled,
	widen,
} from "./interpolation.ts";
import { madeDatasources } from "./made-datasources.ts";
import { makeStack } from "./made-stack.ts";
import { readDashboard } from "./model.ts";
import { findGone } from "./variable-options.ts";
import { applyRegex, resolveVariables } from "./variables.ts";

const range = { from: 0, to: 6 * 3_600_000 };
const all = { value: "$__all" };

function read(more: object) {
	const { variables } = readDashboard({
		title: "t",
		templating: { list: [{ name: "v", type: "query", ...more }] },
	});
	return variables;
}

function resolveAll(more: object, byDefault = false) {
	return resolveVariables(read(more), {
		title: "t",
		range,
		datasources: madeDatasources,
		byDefault,
		ask: async ({ query }) => (query === "none" ? [] : ["a.b", "c"]),
	});
}

async function resolve(more: object, byDefault = false) {
	return fillIn("$v", await resolveAll(more, byDefault), inPromql);
}

describe("a variable", () => {
	test.each([
		[{}, "a.b"],
		[{ current: { value: "c" } }, "c"],
		[{ current: { value: "gone" } }, "a.b"],
		[{ query: "none" }, ""],
		[{ multi: true }, "a\\\\.b"],
		[{ multi: true, current: { value: ["a.b", "c"] } }, "(a\\\\.b|c)"],
		[{ includeAll: true }, "(a\\\\.b|c)"],
		[{ includeAll: true, current: all }, "(a\\\\.b|c)"],
		[{ includeAll: true, current: { value: "c" } }, "c"],
		[{ includeAll: true, allValue: ".+" }, ".+"],
		[{ type: "custom", query: "one : 1, two : 2" }, "1"],
		[{ type: "custom", query: "a\\,b,c" }, "a,b"],
		[{ type: "interval", query: "5m,1h" }, "5m"],
		[{ type: "interval", query: "5m", auto: true, auto_count: 10 }, "1800s"],
		[{ type: "constant", query: "x" }, "x"],
		[{ type: "textbox", query: "x", current: { value: "y" } }, "y"],
		[{ type: "adhoc" }, "$v"],
		[{ type: "datasource", query: "prometheus" }, "Prometheus"],
		[{ type: "datasource", query: "prometheus", regex: "/^T/" }, "Thanos"],
		[
			{ type: "datasource", query: "prometheus", current: { value: "thanos" } },
			"thanos",
		],
		[
			{
				type: "datasource",
				query: "prometheus",
				current: { value: "default" },
			},
			"default",
		],
		[{ type: "datasource", query: "mimir" }, ""],
		[{ type: "constant", query: "$__searchFilter [[__user]]" }, ".* 1"],
	])("%j is %s", async (more, value) => {
		expect(await resolve(more)).toBe(value);
	});

	test("without options says by what they are left out", async () => {
		const why = async (more: object) =>
			(await resolveAll(more)).get("v")?.nothing?.why;
		expect(await why({ query: "none" })).toBe(
			"its variable v has no options: nothing is found by none",
		);
		expect(await why({ query: "none", regex: "/^old-/" })).toBe(
			"its variable v has no options: nothing is found by none that its regular expression /^old-/ takes",
		);
	});

	test.each([
		["label_values(up, node)", ["up"]],
		['query_result(up{job="$job"} > 1)', ["up"]],
		['label_values({__name__=~"up|x"}, node)', []],
		["query_result(up or x)", []],
		["label_values(node)", []],
		["label_values(x, node)", []],
	])(
		"may go on with options of %s after what they are read from has gone",
		async (query, gone) => {
			const [variable] = read({ datasource: "Prometheus", query });
			const live = {
				...makeStack({}).live,
				missing: async (_: object, metric: string) =>
					metric === "up" ? [metric] : [],
			};
			const stack = { datasources: madeDatasources, live };
			expect(variable && (await findGone(stack, variable, new Map()))).toEqual(
				gone,
			);
		},
	);

	test("can be the default datasource", async () => {
		const variable = { type: "datasource", query: "prometheus" };
		expect(await resolve(variable, true)).toBe("default");
		expect(await resolve({ ...variable, regex: "/^P/" }, true)).toBe(
			"Prometheus",
		);
	});
});

test.each([
	["", ["p-1", "p-2"]],
	["/1/", ["p-1"]],
	["/p-(.*)/", ["1", "2"]],
	["/(?<text>p)-(?<value>.*)/", ["1", "2"]],
	["/(\\w)/g", ["p", "1", "2"]],
])("the regular expression %s keeps %j", (regex, kept) => {
	expect(applyRegex(["p-1", "p-2"], regex)).toEqual(kept);
});

describe("a text", () => {
	const several: VariableValue = { value: ["a.b", "c"], several: true };
	const values = new Map([
		["a", { value: 'x"y', several: false }],
		["m", several],
		["__user", { value: "1", several: false }],
		["__user.login", { value: "admin", several: false }],
		["__from", { value: "90000", several: false }],
	]);
	// biome-ignore-start lint/suspicious/noTemplateCurlyInString: Grafana's syntax
	test.each([
		['{x="$a"}', '{x="x\\"y"}'],
		['{x="[[a]]", y="$b$"}', '{x="x\\"y", y="$b$"}'],
		['{x=~"$m"}', '{x=~"(a\\\\.b|c)"}'],
		['{x=~"${m:regex}"}', '{x=~"(a\\.b|c)"}'],
		['{x=~"${m:pipe}"}', '{x=~"a.b|c"}'],
		["${m:csv}", "a.b,c"],
		["${a.text}", 'x\\"y'],
		["${__user.login} ${__user}", "admin 1"],
		["${__from:date:seconds} ${__from:date}", "90 1970-01-01T00:01:30.000Z"],
		["[$__rate_interval]", "[$__rate_interval]"],
	])("%s is filled in as %s", (text, filled) => {
		expect(fillIn(text, values, inPromql)).toBe(filled);
	});

	test.each([
		["${m:date}", '["a.b","c"]'],
		["${a:date:iso}", '"x\\"y"'],
		["${far:date:seconds}", '"99999999999999999999"'],
	])("cannot have %s as a date", (text, value) => {
		const known = new Map([
			...values,
			["far", { value: "99999999999999999999", several: false }],
		]);
		expect(fillIn(text, known)).toBe(text);
		expect(findUnfilled(text)).toEqual([text]);
		expect(whyUnfilled(text, known)).toBe(
			`whose value ${value} cannot be written as a date: it is no time in milliseconds`,
		);
	});

	test("is filled in without parentheses for Loki", () => {
		expect(fillIn("$m", values, inLogql)).toBe("a\\\\.b|c");
	});

	test("is widened where a variable chooses", () => {
		expect(widen('x{a="$b", c=~"${d}|e", f="g$"} / y{h!="$i"}')).toBe(
			'x{a=~".*", c=~".*", f="g$"} / y{h!="$i"}',
		);
	});

	test("must not have other variables than Grafana's own", () => {
		expect(
			findUnfilled('x{a="$b"}[$__interval] + ${__range_s} + [$__auto]'),
		).toEqual(["$b"]);
		expect(findUnfilled('label_replace(up, "a", "$1", "b", "(.*)$")')).toEqual(
			[],
		);
	});
	// biome-ignore-end lint/suspicious/noTemplateCurlyInString: Grafana's syntax
});
