import { expect, test } from "vitest";
import {
	countRequest,
	latestOf,
	nameRequest,
	requestsSoFar,
} from "./request-counts.ts";

const inMonitoring = "/api/v1/namespaces/monitoring";

test.each([
	[
		`${inMonitoring}/services/prometheus-operated:9090/proxy/api/v1/query`,
		"prometheus-operated/api/v1/query",
	],
	[
		`${inMonitoring}/pods/prometheus-a-0:9090/proxy/metrics/api/v1/targets`,
		"prometheus-a-0/api/v1/targets",
	],
	[
		`${inMonitoring}/services/https:grafana:443/proxy/api/dashboards/uid/abc`,
		"grafana/api/dashboards/uid",
	],
	[
		`${inMonitoring}/services/grafana:80/proxy/api/datasources/proxy/uid/P1/api/v1/query`,
		"grafana/api/datasources/proxy",
	],
	[`${inMonitoring}/services/grafana:80/proxy/login`, "grafana/login"],
	[
		`${inMonitoring}/pods/prometheus-a-0:9090/proxy/some/prefix/metrics`,
		"prometheus-a-0/metrics",
	],
	[`${inMonitoring}/services/grafana:80/proxy`, "grafana"],
	[`${inMonitoring}/services/grafana`, "kubernetes"],
	[`${inMonitoring}/pods/proxy/log`, "kubernetes"],
	["/readyz", "kubernetes"],
])("%s is counted as %s", (path, name) => {
	expect(nameRequest(path)).toBe(name);
});

test("each request counts", () => {
	const before = requestsSoFar().kubernetes ?? 0;
	countRequest("/readyz");
	countRequest("/version");
	expect(requestsSoFar().kubernetes).toBe(before + 2);
});

test("of growing counts the last reading is the largest, whichever was noted last", () => {
	expect(
		latestOf([{ a: 1 }, { a: 3, b: 1 }, { a: 2, b: 1, c: 4 }, {}]),
	).toEqual({ a: 3, b: 1, c: 4 });
	expect(latestOf([])).toEqual({});
});
