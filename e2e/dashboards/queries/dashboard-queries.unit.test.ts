import { expect, test } from "vitest";
import { KubeError } from "../../clients/api-server/kube-error.ts";
import { lookAt } from "./dashboard-queries.ts";
import type { QueriedStack } from "./judge-query.ts";
import { makeStack } from "./made-stack.ts";
import { readDashboard } from "./model.ts";
import { executedExpression } from "./nothing-drawn.ts";
import { sumUp } from "./wait-until-drawn.ts";

const minute = 60_000;

async function judge(expr: string, stack: QueriedStack) {
	const dashboard = readDashboard({
		title: "T",
		panels: [{ title: "P", targets: [{ expr }] }],
	});
	const { flaws, excused } = await lookAt(dashboard, false, stack);
	return { message: sumUp(flaws), lasting: flaws[0]?.lasting, excused };
}

test("a query that draws is right, if what it draws is fresh", async () => {
	expect((await judge("up", makeStack({ up: { rows: 1 } }))).message).toBe("");
	const newest = 100 * minute - 20_000;
	const stack = makeStack({
		up: { rows: 1, newest },
		old: { rows: 1, newest: 0 },
	});
	expect((await judge("up", stack)).message).toBe("");
	expect((await judge("old", stack)).message).toBe(
		"T, P A: datasource Thanos: old draws nothing, because what it makes of them is empty: each of its series has samples",
	);
});

test("a range that is too narrow is the nearest cause, and waiting does not help", async () => {
	const { message, lasting } = await judge(
		"rate(x[$__rate_interval])",
		makeStack({}),
	);
	expect(lasting).toBe(true);
	expect(message).toBe(
		"T, P A: datasource Thanos: rate(x[1m0s]) draws nothing, because a range of 60 s has no two samples of targets that are scraped every 60 s: $__rate_interval is four times the timeInterval of datasource Thanos, which is not set, so that Grafana takes 15s",
	);
	expect((await judge("rate(x[1m])", makeStack({}))).message).toContain(
		"the dashboard has this range itself",
	);
});

test("a range that only sometimes has two samples draws only some points", async () => {
	const ask = async (expr: string) =>
		(await judge(expr, makeStack({ [expr]: { rows: 1 } }))).message;
	expect(await ask("rate(sparse[90s])")).toBe(
		"T, P A: datasource Thanos: rate(sparse[90s]) draws only some of its points, because a range of 90 s does not always have two samples of targets that are scraped every 60 s: the dashboard has this range itself",
	);
	// Its targets are scraped more often; the range is wide enough; one sample is enough; it is known.
	for (const right of [
		"rate(dense[90s])",
		"rate(sparse[2m])",
		"max_over_time(sparse[90s])",
		"rate(scarce[90s])",
	])
		expect(await ask(right)).toBe("");
});

test("a range that is too narrow may be excused by the metric", async () => {
	const { message, excused } = await judge("rate(scarce[1m])", makeStack({}));
	expect([message, excused]).toEqual(["", ["T, P A"]]);
});

test("series without samples are named, even if something is drawn", async () => {
	const stack = makeStack({ "x or vector(0)": { rows: 1 } }, ["x"]);
	expect((await judge("x or vector(0)", stack)).message).toBe(
		"T, P A: datasource Thanos: x or vector(0) still draws, because there is no sample any more of x",
	);
	expect((await judge("x", stack)).message).toContain(
		"x draws nothing, because there is no sample of x",
	);
});

test("a comparison may leave out everything, and an excuse be the reason", async () => {
	const stack = makeStack({ "(x)": { rows: 1 } });
	expect((await judge("x > 0", stack)).message).toBe("");
	expect((await judge("y > 0", stack)).message).toContain(
		"y > 0 draws nothing",
	);
	const { message, excused } = await judge("y", makeStack({}, [], true));
	expect([message, excused]).toEqual(["", ["T, P A"]]);
});

test("a comparison with last week may draw nothing in a stack that is younger, if it draws without", async () => {
	const written = "x / x offset 1w > 2";
	const right = makeStack({ "(x / (x))": { rows: 1 } });
	const reasons: string[][] = [];
	const { message, excused } = await judge(written, {
		...right,
		live: { ...right.live, excuse: (...reason) => reasons.push(reason) },
	});
	expect([message, excused]).toEqual(["", ["T, P A"]]);
	expect(reasons).toEqual([
		[
			"x offset 1w",
			"datasource Thanos has nothing from 1w ago yet, and the query draws without the offset",
		],
	]);
	// It draws nothing today either; what it needs was there a week ago; it looks into the future.
	for (const [wrong, results] of [
		[written, {}],
		[written, { "(x / (x))": { rows: 1 }, "x offset 1w": { rows: 1 } }],
		["x offset -1w", { "(x)": { rows: 1 } }],
	] as const)
		expect((await judge(wrong, makeStack(results))).message).toContain(
			"draws nothing",
		);
});

test("what a person has not chosen counts too, unless there is nothing to choose", async () => {
	const stack = makeStack({ 'x{a=~".*"}': { rows: 1 } });
	const panels = [{ title: "P", targets: [{ expr: 'x{a="$v"}' }] }];
	const look = async (variable: object, within = stack) => {
		const templating = { list: [{ name: "v", ...variable }] };
		const dashboard = readDashboard({ title: "T", panels, templating });
		return sumUp((await lookAt(dashboard, false, within)).flaws);
	};
	expect(await look({ type: "custom", query: "b,c" })).toBe("");
	const asked = {
		type: "query",
		query: "label_values(d)",
		datasource: "-- Grafana --",
	};
	expect(await look(asked)).toBe(
		'T, P A: datasource Thanos: x{a=""} draws nothing, because its variable v has no options: nothing is found by label_values(d)',
	);
	// A dashboard of another operating system has no node to choose.
	const elsewhere = makeStack({}, ['x{a=""}']);
	const isExcused = async (_: object, asked: string) =>
		asked === 'd{sysname="Darwin"}';
	const live = { ...elsewhere.live, isExcused };
	const query = 'label_values(d{sysname="Darwin"}, instance)';
	expect(await look({ ...asked, query }, { ...elsewhere, live })).toBe("");
});

test("a query of logs may be empty, unless it asks for a label that none has", async () => {
	const stack = makeStack({ '{lost="a"} or {b="c"}': { rows: 1 } });
	const ask = async (expr: string) => {
		const panels = [{ title: "P", datasource: "Loki", targets: [{ expr }] }];
		const dashboard = readDashboard({ title: "T", panels });
		const { flaws, excused } = await lookAt(dashboard, false, stack);
		return [sumUp(flaws), ...excused];
	};
	expect(await ask('{b="c"}')).toEqual(["", "T, P A"]);
	expect(await ask('{lost="a"}')).toEqual([
		'T, P A: datasource Loki: {lost="a"} draws nothing, because no label',
	]);
	expect(await ask('{lost="a"} or {b="c"}')).toEqual([
		'T, P A: datasource Loki: {lost="a"} or {b="c"} still draws, because no label',
	]);
});

test("Grafana's own error is told", async () => {
	const error = "parse error";
	const stack = makeStack({ "up(": { error } });
	expect((await judge("up(", stack)).message).toBe(
		"T, P A: datasource Thanos: up(: parse error",
	);
});

test("what Grafana has executed is read from its note", () => {
	expect(executedExpression("Expr: sum(\n a\n)\nStep: 1m0s")).toBe(
		"sum(\n a\n)",
	);
	expect(executedExpression('Expr: {a="b"}')).toBe('{a="b"}');
	expect(executedExpression(undefined)).toBeUndefined();
});

test("a time that cannot be read is told with the dashboard and the panel", async () => {
	const look = async (model: object) =>
		sumUp((await lookAt(readDashboard(model), false, makeStack({}))).flaws);
	expect(
		await look({ title: "T", time: { from: "now-1x", to: "now" }, panels: [] }),
	).toBe(
		'T, its time range: "now-1x" is neither a moment nor Grafana\'s date math, such as now-6h',
	);
	const variable = { name: "v", type: "constant", query: "today" };
	// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's syntax
	const targets = [{ expr: "up > ${v:date:seconds}" }];
	expect(
		await look({
			title: "T",
			templating: { list: [variable] },
			panels: [{ title: "P", targets }],
		}),
	).toBe(
		// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's syntax
		'T, P A: up > ${v:date:seconds} uses ${v:date:seconds}, whose value "today" cannot be written as a date: it is no time in milliseconds',
	);
});

test("a panel of the library that is not there, a silent one and a broken variable are told with the dashboard", async () => {
	const stack = makeStack({ up: { rows: 1 } });
	const dashboard = readDashboard({
		title: "T",
		templating: {
			list: [{ name: "v", type: "query", query: "label_values(up{job=}, a)" }],
		},
		panels: [
			{ title: "L", libraryPanel: { uid: "x", name: "Load" } },
			{ title: "S", type: "stat", targets: [{ expr: "up", hide: true }] },
			{ title: "V", targets: [{ refId: "A", expr: 'up{a="$v"}' }] },
		],
	});
	const broken = {
		...stack,
		live: {
			...stack.live,
			isExcused: async (_: unknown, asked: string) => {
				// The datasource would refuse that, too.
				if (asked.includes("{job=}")) throw new Error("parse error");
				return false;
			},
		},
		grafana: {
			...stack.grafana,
			resources: () => {
				throw new KubeError("400", { status: 400, body: "parse error" });
			},
		},
	};
	const { flaws } = await lookAt(dashboard, false, broken);
	expect(flaws.map(({ where, what }) => `${where}: ${what}`)).toEqual([
		"T, variable v: its query label_values(up{job=}, a) is refused: parse error",
		"T, L: it is the library panel Load (x), which Grafana does not have: a dashboard's file does not bring it",
		"T, S: it draws nothing: each of its queries is switched off",
		'T, V A: datasource Thanos: up{a=""} draws nothing',
	]);
	expect(flaws.at(-1)?.cause).toBe(
		"its variable v has no options: its query is refused",
	);
	expect(flaws.every(({ lasting }) => lasting)).toBe(true);
});
