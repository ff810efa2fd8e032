import { expect, test } from "vitest";
import type { Rule } from "../../clients/prometheus-schemas.ts";
import { findMissingDefaults } from "./default-rules.ts";

const makeRule = (type: Rule["type"], query: string): Rule => ({
	type,
	name: "a:b",
	query,
	health: "ok",
	lastError: "",
	lastEvaluation: new Date(0),
	labels: {},
});

const find = (...rules: Rule[]) =>
	findMissingDefaults([{ name: "g", file: "f", interval: 30, rules }]);

const alert = makeRule("alerting", "up == 0");

test("one recording rule about the cluster, and one alert, are enough", () => {
	const own = makeRule("recording", "sum(rate(node_cpu_seconds_total[5m]))");
	expect(find(alert, own)).toEqual([]);
	expect(find(own)).toEqual([
		'"Alerts from Prometheus rules": no alerting rule is loaded',
	]);
});

test("rules of one's own do not stand for those of the chart", () => {
	expect(find(alert, makeRule("recording", "sum(up)"))[0]).toMatch(
		/^"a set of default ... recording rules": none of the 1 loaded/,
	);
	expect(find()).toHaveLength(2);
});

test("alerts about the cluster of which nobody is told are as none", () => {
	const own = makeRule("recording", "sum(kube_pod_info)");
	const info = {
		...makeRule("alerting", "kube_node_info == 0"),
		labels: { severity: "info" },
	};
	const templated = {
		...info,
		labels: {
			severity: "{{ if gt $value 9.0 }}critical{{ else }}info{{ end }}",
		},
	};
	expect(
		find(own, { ...alert, labels: { severity: "warning" } }, info),
	).toEqual([
		expect.stringMatching(
			/none of the 1 loaded alerts about nodes.* They have info, as with/,
		),
	]);
	expect(find(own, info, templated)).toEqual([]);
});

test("alerts that all have one severity, also those for nobody, are not told apart", () => {
	const own = makeRule("recording", "sum(kube_pod_info)");
	const make = (name: string, query: string, severity: string) => ({
		...makeRule("alerting", query),
		name,
		labels: { severity },
	});
	const pod = make("KubePodLost", "kube_pod_info == 0", "warning");
	const node = make("NodeLost", "kube_node_info == 0", "critical");
	const watchdog = make("Watchdog", "vector(1)", "warning");
	expect(find(own, pod, watchdog)).toEqual([
		expect.stringMatching(
			/^"Routing is by severity": all 1 loaded alerts about .* are warning, and so is Watchdog/,
		),
	]);
	expect(find(own, pod, node, watchdog)).toEqual([]);
	// Those of some groups are all warnings.
	expect(find(own, pod, make("Watchdog", "vector(1)", "none"))).toEqual([]);
});
