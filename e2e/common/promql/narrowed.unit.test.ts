import { expect, test } from "vitest";
import { narrowedIn } from "./narrowed.ts";

test.each([
	['up{namespace=~".*"} == 0', 'up{namespace=~"monitoring"} == 0'],
	['up{namespace=~".*"} == 0', 'up{namespace="monitoring"} == 0'],
	["up == 0", 'up{namespace="monitoring"} == 0'],
	['a{phase=~"Pending|Unknown"}', 'a{phase=~"Pending"}'],
	['a{phase="Pending"}', 'a{phase="Unknown"}'],
	['a{n=~"app-.*"}', 'a{n=~"app-a|app-b"}'],
	['sum(rate(a{n=~".+"}[5m])) / b', 'sum( rate(a{n="x"}[5m]) )\n/ b'],
])("%s selects more than %s", (from, to) => {
	expect(narrowedIn(from, to)).toHaveLength(1);
	expect(narrowedIn(from, from)).toEqual([]);
});

test.each([
	['up{namespace="a"} == 0', 'up{namespace=~".*"} == 0'],
	['up{namespace="a"} == 0', "up == 0"],
	["up == 0", 'up{namespace=~".*"} == 0'],
	["up == 0", 'up{namespace!="a"} == 0'],
	['a{phase=~"Pending"}', 'a{phase=~"Pending|Unknown"}'],
	['a{phase="Pending"}', 'a{phase=~"Pend.*"}'],
	['a{n=~"app-.*"}', 'a{n=~"app-a.*"}'],
	["up == 0", 'up{namespace="a"} < 1'],
	["up == 0", 'scrape{namespace="a"} == 0'],
	["a unless b", 'a unless b{namespace="a"}'],
	["absent(a)", 'absent(a{namespace="a"})'],
])("nobody knows that %s selects more than %s", (from, to) => {
	expect(narrowedIn(from, to)).toEqual([]);
});

test("it is told once what changes in several selectors", () => {
	expect(
		narrowedIn(
			'a{n=~".*"} > 1 and a{n=~".*"} < 5',
			'a{n="x"} > 1 and a{n="x"} < 5',
		),
	).toEqual([{ metric: "a", label: "n", from: 'n=~".*"', to: 'n="x"' }]);
});
