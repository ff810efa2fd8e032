import { describe } from "vitest";
import { listAlertRules } from "./alerts/loaded-rules.ts";
import {
	countNotifications,
	notEnded,
	waitForNotifications,
} from "./alerts/notifications.ts";
import { annotationsOf, type PlantedAlert } from "./alerts/planted-alerts.ts";
import { pickRoute } from "./alerts/routing.ts";
import { describeStates } from "./alerts/states.ts";
import { longestWait } from "./alerts/waits.ts";
import { budgets } from "./common/budgets.ts";
import { eventually, notYet } from "./common/eventually.ts";
import { test } from "./logs/fixtures.ts";
import {
	findRelabelledAlerts,
	readRulerRelabelling,
} from "./logs/relabelled-alerts.ts";
import { selectorOf } from "./logs/selector.ts";
import {
	findUnwritten,
	readWriteRelabelling,
} from "./logs/unwritten-series.ts";

/** Copies of a line, numbered. */
const lines = (line: string, count: number) =>
	Array.from({ length: count }, (_, i) => `${line} ${i + 1}`);

describe("what Loki's rules derive from logs reaches Prometheus and Slack", {
	tags: ["ignores-grafana", "ignores-node-exporter", "needs-loki"],
}, () => {
	test.concurrent("a metric recorded from logs reaches Prometheus, with the right count", async ({
		loki,
		lokiRules,
		stream,
		prometheus,
		annotate,
		expect,
	}) => {
		const record = "e2e:failed_lines:count10m";
		const metric = { __name__: record, recorded_by: "loki", ...stream };
		const expectCount = async (count: number) => {
			const [series, ...others] = await eventually(
				`${record} is ${count} in Prometheus`,
				budgets.remoteWrite,
				async () => {
					// Loki's ruler pushes to a Service, which leads to any of Prometheus' replicas.
					const replicas = await prometheus.each();
					const found = await Promise.all(
						replicas.map((one) => one.query(`${record}${selectorOf(stream)}`)),
					);
					const seen = found.flat().map(({ value }) => value.value);
					const right = found.find(([first]) => first?.value.value === count);
					if (right) return right;
					const off = await prometheus.whyNotWritable();
					return notYet(off ?? `it is ${seen.join(", ") || "not there"}`);
				},
			);
			// Without job and instance: it was written, not scraped.
			expect(series?.metric).toEqual(metric);
			expect(others).toEqual([]);
		};
		await loki.push(stream, [...lines("failed", 7), ...lines("passed", 3)]);
		await lokiRules.plant([
			{
				record,
				expr: `sum by (app, e2e_run) (count_over_time(${selectorOf(stream)} |= "failed" [10m]))`,
				labels: { recorded_by: metric.recorded_by },
			},
		]);
		await expectCount(7);
		const pushed = performance.now();
		await loki.push(stream, lines("failed", 2));
		await expectCount(9);
		await annotate(
			`log lines were counted in Prometheus ${((performance.now() - pushed) / 1000).toFixed(1)} s after Loki had accepted them`,
		);
	});

	test.concurrent("no metric from logs is dropped before it is written, whatever its labels", async ({
		loki,
		expect,
	}) => {
		const writers = readWriteRelabelling(await loki.configText());
		expect(findUnwritten(writers)).toEqual([]);
	});

	test.concurrent("no alert from logs is dropped or changed by alert relabelling, whatever its labels", async ({
		loki,
		expect,
	}) => {
		const steps = readRulerRelabelling(await loki.configText());
		const rules = await listAlertRules(loki);
		expect(
			findRelabelledAlerts(
				steps,
				rules.map(({ labels }) => labels),
			),
		).toEqual([]);
	});

	test.concurrent("alerts from logs reach Slack by their severity, first as firing and later as resolved", async ({
		loki,
		lokiRules,
		stream,
		config,
		tools,
		slack,
		alertmanager,
		expect,
	}) => {
		const token = stream.e2e_run.replaceAll("-", "_");
		const namespace = stream.e2e_run;
		const alerts = {
			critical: {
				alertname: `Failing_${token}`,
				severity: "critical",
				namespace,
				mark: `mark-1-${token}`,
			},
			warning: {
				alertname: `Stumbling_${token}`,
				severity: "warning",
				namespace,
				mark: `mark-2-${token}`,
			},
		} as const satisfies Record<string, PlantedAlert>;
		const keys = ["critical", "warning"] as const;
		const known = () => alertmanager.alerts(`e2e_run="${stream.e2e_run}"`);
		const count = (word: string) =>
			`sum(count_over_time(${selectorOf(stream)} |= "${word}" [10m]))`;
		const before = await slack.lastId();
		const longest = longestWait(config);
		let ended = notEnded;
		const wait = (status: "firing" | "resolved") =>
			waitForNotifications(
				status,
				keys,
				alerts,
				{ slack, alertmanager },
				before,
				{ ended, longestWait: longest },
			);

		await lokiRules.plant(
			Object.values(alerts).map((alert) => ({
				alert: alert.alertname,
				// Further log lines resolve it.
				expr: `${count("failed")} > (${count("recovered")} or vector(0))`,
				labels: {
					severity: alert.severity,
					namespace: alert.namespace,
					e2e_run: stream.e2e_run,
				},
				annotations: annotationsOf(alert),
			})),
		);
		expect(await known()).toEqual([]);
		await loki.push(stream, lines("failed", 2));
		await wait("firing");
		const firing = await known();
		expect(describeStates(firing, alerts, config)).toEqual({
			critical: "active, to slack",
			warning: "active, to slack",
		});
		const routes = await Promise.all(
			firing.map(({ labels }) => pickRoute(tools, config, labels)),
		);
		expect(
			Object.fromEntries(
				routes.map(({ labels, goesTo, repeats }) => [
					labels.severity,
					`${goesTo}, every ${repeats}`,
				]),
			),
		).toEqual({ critical: "slack, every 1h", warning: "slack, every 6h" });

		ended = await slack.lastId();
		await loki.push(stream, lines("recovered", 2));
		await wait("resolved");
		const once = { firing: 1, resolved: 1 };
		expect(
			countNotifications(await slack.requests(before), alerts, ended),
		).toEqual({ critical: once, warning: once });
		expect(await known()).toEqual([]);
	});
});
