import type { AlertLabels } from "../matchers.ts";

type Status = "firing" | "resolved";

/** Longer than what a template may cut off. */
const words = "It has been so for more than fifteen minutes. ".repeat(6).trim();
const annotations = {
	summary: words,
	description: words,
	message: words,
	runbook_url: "https://runbooks.home.example.org/alerts/any",
	dashboard_url: "https://grafana.home.example.org/d/any",
};
/** What alerts of Kubernetes have, each of them some. */
const usual = {
	alertname: "AnyAlertOfTheHomelab",
	severity: "critical",
	namespace: "monitoring",
	pod: "any-pod-5d4f8c7b9d-x2x7p",
	container: "any-container",
	job: "any-job",
	instance: "10.42.0.17:9100",
	node: "any-node",
	service: "any-service",
	prometheus: "monitoring/any-prometheus",
};

/**
 * What Alertmanager gives to a receiver's templates about a group of two alerts, as amtool reads it
 * (https://pkg.go.dev/github.com/prometheus/alertmanager/template#Data).
 *
 * @param labels those that the alerts have besides the usual ones, or instead of them
 */
export function makeMessageData(
	receiver: string,
	status: Status,
	labels: AlertLabels,
) {
	const common = { ...usual, ...labels };
	const alerts = ["0123456789abcdef", "fedcba9876543210"].map(
		(fingerprint) => ({
			status,
			labels: common,
			annotations,
			startsAt: "2026-01-01T08:00:00Z",
			endsAt:
				status === "resolved" ? "2026-01-01T09:00:00Z" : "0001-01-01T00:00:00Z",
			generatorURL: "http://prometheus.home.example.org/graph?g0.expr=up",
			fingerprint,
		}),
	);
	return {
		receiver,
		status,
		alerts,
		groupLabels: common,
		commonLabels: common,
		commonAnnotations: annotations,
		externalURL: "http://alertmanager.home.example.org",
	};
}
