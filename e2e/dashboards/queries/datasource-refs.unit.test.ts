import { describe, expect, test } from "vitest";
import { datasourceRefOf, resolveDatasource } from "./datasource-refs.ts";
import { madeDatasources } from "./made-datasources.ts";

const [prometheus, thanos] = madeDatasources;
const values = new Map([
	["ds", { value: "Prometheus", several: false }],
	["default_ds", { value: "default", several: false }],
]);

describe("a reference", () => {
	test.each([
		[{ type: "prometheus", uid: "prometheus" }, prometheus],
		["Prometheus", prometheus],
		// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's syntax
		[{ uid: "${ds}" }, prometheus],
		["$ds", prometheus],
		["[[default_ds]]", thanos],
		["default", thanos],
		[null, thanos],
		[{ type: "prometheus" }, thanos],
	])("%j leads to a datasource", (ref, datasource) => {
		expect(resolveDatasource(ref, values, madeDatasources)).toEqual({
			datasource,
		});
	});

	test.each([
		["__expr__", "expression"],
		[{ uid: "-100" }, "expression"],
		["-- Grafana --", "other"],
		[{ type: "datasource", uid: "grafana" }, "other"],
		["-- Dashboard --", "other"],
	])("%j is Grafana's own", (ref, own) => {
		expect(resolveDatasource(ref, values, madeDatasources)).toEqual({ own });
	});

	test("that leads nowhere is told with the datasources that there are", () => {
		expect(resolveDatasource("gone", values, madeDatasources)).toEqual({
			flaw: "it names the datasource gone, and none has this uid or name: there are Loki (loki), Prometheus (prometheus), Thanos (thanos)",
		});
		expect(resolveDatasource(undefined, values, [prometheus])).toEqual({
			flaw: "it uses the default datasource, and none of Prometheus (prometheus) is the default",
		});
	});
});

describe("of a target", () => {
	const asked = { datasource: "own", refId: "A" };
	const expression = { datasource: "__expr__", refId: "B" };
	test.each([
		["the panel's", "panel", asked, "panel"],
		["its own in a mixed panel", "-- Mixed --", asked, "own"],
		["its own if the panel has none", undefined, asked, "own"],
		["that of the other target", null, { refId: "C" }, "own"],
		["that of an expression", "panel", expression, "__expr__"],
	])("the reference is %s", (_, datasource, target, ref) => {
		const targets = [expression, asked];
		expect(datasourceRefOf({ datasource, targets }, target)).toBe(ref);
	});
});
