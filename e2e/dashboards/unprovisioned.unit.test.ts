import { expect, test } from "vitest";
import { findUnprovisioned } from "./unprovisioned.ts";

const datasources = [{ name: "Thanos" }, { name: "Loki" }];

test("a datasource that no file has any more is told", () => {
	const files = [
		{ "datasource.yaml": "apiVersion: 1\ndatasources: [{name: Thanos}]" },
		{ notes: "datasources: [{name: Loki}]" },
		{ "other.yaml": "datasources: {{ broken" },
		{ "pools.yml": "datasources: [a, b]" },
	];
	expect(findUnprovisioned(datasources, files)).toEqual([
		"datasource Loki is in Grafana's database alone: no ConfigMap or Secret provisions it, and it is gone with the volume",
	]);
	const more = { "more.yml": "datasources: [{name: Loki, type: loki}]" };
	expect(findUnprovisioned(datasources, [...files, more])).toEqual([]);
});

test("a name that Grafana fills in may be any", () => {
	const files = [{ "a.yaml": "datasources: [{name: $NAME}]" }];
	expect(findUnprovisioned(datasources, files)).toEqual([]);
});
