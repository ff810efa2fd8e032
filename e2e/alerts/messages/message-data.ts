import { mapValues, pickBy } from "es-toolkit";
import type { AlertLabels } from "../matchers.ts";

type Status = "firing" | "resolved";

/** Longer than what a template may cut off. */
const words = "It has been so for more than fifteen minutes. ".repeat(6).trim();
const annotations: Readonly<Record<string, string>> = {
	summary: words,
	description: words,
	message: words,
	runbook_url: "https://runbooks.home.example.org/alerts/any",
	dashboard_url: "https://grafana.home.example.org/d/any",
};
/** What alerts of Kubernetes have, each of them some. */
const usual: AlertLabels = {
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

/** In which labels and annotations the two alerts of a group differ. */
export interface Differences {
	readonly labels: (label: string) => boolean;
	readonly annotations: (name: string) => boolean;
}

const none: Differences = { labels: () => false, annotations: () => false };

/**
 * What Alertmanager gives to a receiver's templates about a group of two alerts, as amtool reads it
 * (https://pkg.go.dev/github.com/prometheus/alertmanager/template#Data).
 *
 * @param labels those that the alerts have besides the usual ones, or instead of them
 * @param differ by default in nothing
 */
export function makeMessageData(
	receiver: string,
	status: Status,
	labels: AlertLabels,
	differ = none,
) {
	const all = { ...usual, ...labels };
	const ofSecond = (
		texts: AlertLabels,
		isDifferent: (name: string) => boolean,
	): AlertLabels =>
		mapValues(texts, (text, name) =>
			isDifferent(name) ? `${text} of the second` : text,
		);
	const common = pickBy(all, (_, label) => !differ.labels(label));
	const alerts = [
		{ labels: all, annotations, fingerprint: "0123456789abcdef" },
		{
			labels: ofSecond(all, differ.labels),
			annotations: ofSecond(annotations, differ.annotations),
			fingerprint: "fedcba9876543210",
		},
	].map((each) => ({
		status,
		startsAt: "2026-01-01T08:00:00Z",
		endsAt:
			status === "resolved" ? "2026-01-01T09:00:00Z" : "0001-01-01T00:00:00Z",
		generatorURL: "http://prometheus.home.example.org/graph?g0.expr=up",
		...each,
	}));
	return {
		receiver,
		status,
		alerts,
		groupLabels: common,
		commonLabels: common,
		commonAnnotations: pickBy(
			annotations,
			(_, name) => !differ.annotations(name),
		),
		externalURL: "http://alertmanager.home.example.org",
	};
}
