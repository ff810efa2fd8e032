import { randomBytes } from "node:crypto";
import { describe, expect } from "vitest";
import { parseConfig } from "../alerts/loaded-config.ts";
import { countNotifications, notEnded } from "../alerts/notifications.ts";
import {
	annotationsOf,
	labelsOf,
	makeCanary,
} from "../alerts/planted-alerts.ts";
import { longestWait } from "../alerts/waits.ts";
import { type ExposedSample, sumOf } from "../clients/exposition.ts";
import { budgets } from "../common/budgets.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { findFlaws } from "../ledger/checker.ts";
import { readFromPrometheus } from "../ledger/readers.ts";
import { test } from "./fixtures.ts";
import { coreDns, makeDnsOutage } from "./means/dns.ts";

/** Milliseconds. */
const minute = 60_000;

/** Look-ups by Thanos' query, which looks names up all the time, that got no answer. */
const countFailures = (counted: readonly ExposedSample[]) =>
	sumOf(counted, "thanos_query_endpoints_dns_failures_total");

/** Names that were answered with "no such host", as some networks do when a question leaves the cluster. */
const countUnknown = (counted: readonly ExposedSample[]) =>
	counted.filter(
		({ name, value }) =>
			name === "thanos_query_endpoints_dns_provider_results" && value === 0,
	).length;

describe("the stack works through a minute without DNS", {
	tags: ["needs-thanos"],
}, () => {
	test("every target is scraped meanwhile, and Slack receives an alert afterwards", async ({
		subject,
		kube,
		prometheus,
		alertmanager,
		slack,
		thanos,
		annotate,
	}) => {
		const isCoreDns = (labels: Readonly<Record<string, string>>) =>
			labels.namespace === coreDns.namespace && labels.job === coreDns.name;

		const wait = longestWait(parseConfig(await alertmanager.config()));
		let ended = notEnded;
		await using outage = await makeDnsOutage(kube).begin();
		const failedBefore = countFailures(await thanos.metrics());
		const began = clusterNow();
		const alert = makeCanary(randomBytes(4).toString("hex"));
		const before = await slack.lastId();
		const posted = {
			labels: labelsOf(alert),
			annotations: annotationsOf(alert),
		};
		await alertmanager.post([posted]);
		await eventually(
			"a minute has passed, and every target but CoreDNS was scraped in it and is up",
			budgets.scrapeInterval,
			async () => {
				const { active } = await prometheus.targets({ state: "active" });
				const missing = active.find(
					({ labels, health, lastScrape }) =>
						!isCoreDns(labels) &&
						!(health === "up" && Date.parse(lastScrape) > began),
				);
				if (missing)
					return notYet(
						`${missing.scrapeUrl} is ${missing.health}: ${missing.lastError}`,
					);
				const counted = await thanos.metrics();
				const failed = countFailures(counted) - failedBefore;
				if (failed + countUnknown(counted) === 0)
					return notYet("no look-up of Thanos' query has failed");
				const passed = clusterNow() - began;
				if (passed < minute) return notYet(`${passed / 1000} s have passed`);
			},
		);
		const seconds = (clusterNow() - began) / 1000;
		const countMessages = async () =>
			countNotifications(await slack.requests(before), { alert }, ended).alert;
		const meanwhile = await countMessages();
		await outage.end();
		await eventually(
			"Slack receives the alert",
			budgets.notification + wait,
			async () => {
				if (!(await countMessages())?.firing) return notYet("it does not");
			},
		);
		const reading = await readFromPrometheus(prometheus, subject.ledger);
		expect(findFlaws(reading)).toEqual([]);
		ended = await slack.lastId();
		await alertmanager.post([
			{ ...posted, endsAt: new Date(clusterNow()).toISOString() },
		]);
		// It is of the same group, so it comes after every earlier message about the alert.
		const messages = await eventually(
			"Slack receives the alert's end",
			budgets.notification + wait,
			async () => {
				const counts = await countMessages();
				return counts?.resolved ? counts : notYet("it does not");
			},
		);
		expect(messages).toEqual({ firing: 1, resolved: 1 });
		await eventually(
			"Thanos' query asks sidecar and store gateway again",
			budgets.storeSync,
			async () => {
				const { sidecar = [], store = [] } = await thanos.stores();
				const failing = [...sidecar, ...store].find(
					({ lastError }) => lastError,
				);
				if (failing) return notYet(`${failing.name}: ${failing.lastError}`);
				if (sidecar.length === 0 || store.length === 0)
					return notYet(
						`it knows ${sidecar.length} sidecars and ${store.length} store gateways`,
					);
			},
		);
		await annotate(
			`${seconds.toFixed(0)} s without DNS: no target down, no sample lost; Slack received the alert ${meanwhile?.firing ? "meanwhile, because its name was still known" : "after DNS came back"}`,
		);
	});
});
