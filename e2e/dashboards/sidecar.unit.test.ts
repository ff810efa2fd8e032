import { expect, test } from "vitest";
import { pod } from "../clients/kube-objects.ts";
import { describeSearch, findLastTrouble } from "./sidecar.ts";

function makeContainers(env: Readonly<Record<string, string>>) {
	const make = (name: string, all: object) => ({
		name,
		env: Object.entries(all).map(([key, value]) => ({ name: key, value })),
	});
	return pod.shape.spec.parse({
		containers: [
			make("grafana", {}),
			make("grafana-sc-datasources", { LABEL: "grafana_datasource" }),
			make("grafana-sc-dashboard", env),
		],
	}).containers;
}

test.each([
	[
		{ LABEL: "grafana_dash", LABEL_VALUE: "1", NAMESPACE: "ALL" },
		'Grafana\'s sidecar looks for the label grafana_dash: "1" in all namespaces',
	],
	[
		{ LABEL: "grafana_dashboard", NAMESPACE: "monitoring" },
		"Grafana's sidecar looks for the label grafana_dashboard in namespace monitoring",
	],
	[
		{ LABEL: "grafana_dashboard" },
		"Grafana's sidecar looks for the label grafana_dashboard in its own namespace",
	],
	[
		{ LABEL: "grafana_dashboard", RESOURCE: "secret", NAMESPACE: "ALL" },
		"Grafana's sidecar looks for Secrets alone, by the label grafana_dashboard in all namespaces",
	],
	[
		{
			LABEL: "grafana_dashboard",
			RESOURCE: "both",
			NAMESPACE: "ALL",
			METHOD: "SLEEP",
			SLEEP_TIME: "3600",
		},
		"Grafana's sidecar looks for the label grafana_dashboard in all namespaces, each 1h",
	],
	[
		{ LABEL: "grafana_dashboard", NAMESPACE: "ALL", METHOD: "SLEEP" },
		"Grafana's sidecar looks for the label grafana_dashboard in all namespaces, each 1m",
	],
])("%j: %s", (env, sentence) => {
	expect(describeSearch(makeContainers(env))).toBe(sentence);
});

test("without a sidecar there is nothing to say", () => {
	expect(describeSearch(makeContainers({}))).toBeUndefined();
});

test("the last trouble in a log is found", () => {
	expect(
		findLastTrouble(
			"loading\nerror: first\n  Failed to reload: 401\nwatching\n",
		),
	).toBe("Failed to reload: 401");
	expect(findLastTrouble("all is well\n")).toBeUndefined();
});
