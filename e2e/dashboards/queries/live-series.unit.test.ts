import { expect, test } from "vitest";
import type { Selector } from "../../common/promql.ts";
import { LiveSeries } from "./live-series.ts";

const since = { scraped: 2, recorded: 1 };
const by = { uid: "prometheus" };

function look(
	newest: Readonly<Record<string, number>>,
	rules: Readonly<Record<string, string>> = {},
	type: "recording" | "alerting" = "recording",
) {
	return new LiveSeries(
		Object.entries(rules).map(([name, query]) => ({ type, name, query })),
		({ metric }: Selector) =>
			metric === "limits" ? "nobody sets one" : undefined,
		async (_, { text }, from) => ((newest[text] ?? 0) >= from ? 1 : 0),
		since,
	);
}

test("what is scraped must have samples since the test began, with the same matchers", async () => {
	const live = look({ up: 2, old: 1, 'up{a="b"}': 2 });
	expect(await live.missing(by, 'up + up{a="b"}')).toEqual([]);
	expect(await live.missing(by, 'old + up{a="c"} + limits')).toEqual([
		"old",
		'up{a="c"}',
	]);
	expect([...live.excuses]).toEqual([["limits", "nobody sets one"]]);
});

test("what is recorded may be older, if the rule's own series are live", async () => {
	const stored = { "a:b": 1, up: 2, old: 1 };
	expect(await look(stored, { "a:b": "sum(up)" }).missing(by, "a:b")).toEqual(
		[],
	);
	expect(await look(stored, { "a:b": "sum(old)" }).missing(by, "a:b")).toEqual([
		"a:b",
	]);
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

test("a rule that uses itself and an alerting rule excuse nothing", async () => {
	const loop = look({}, { loop: "loop offset 1m" });
	expect(await loop.missing(by, "loop")).toEqual(["loop"]);
	const down = look({}, { Down: "limits" }, "alerting");
	expect(await down.missing(by, "Down")).toEqual(["Down"]);
});
