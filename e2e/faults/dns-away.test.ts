import { randomBytes } from "node:crypto";
import { describe, expect } from "vitest";
import { countNotifications } from "../alerts/notifications.ts";
import { makeCanary } from "../alerts/planted-alerts.ts";
import { type ExposedSample, sumOf } from "../clients/exposition.ts";
import { pod } from "../clients/kube-objects.ts";
import { waitForRollout } from "../clients/rollout.ts";
import { scale } from "../clients/scale.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";
import { tidyUp } from "../common/tidy-up.ts";
import { compareToLedger } from "../ledger/history.ts";
import { readLedgerBack } from "../wal/crash.ts";
import { test } from "./fixtures.ts";

/** Milliseconds. */
const minute = 60_000;

const coreDns = {
	kind: "Deployment",
	namespace: "kube-system",
	name: "coredns",
} as const;

/** Look-ups of Thanos' query, which looks names up all the time, that nobody answered. */
const countFailures = (counted: readonly ExposedSample[]) =>
	sumOf(counted, "thanos_query_endpoints_dns_failures_total");

/** Names of which it was told that there is no such host: so do some networks where a question leaves the cluster. */
const countUnknown = (counted: readonly ExposedSample[]) =>
	counted.filter(
		({ name, value }) =>
			name === "thanos_query_endpoints_dns_provider_results" && value === 0,
	).length;

describe("the stack lives through a minute without DNS", {
	tags: ["needs-thanos"],
}, () => {
	test("every target is scraped meanwhile, and an alert is told afterwards", async ({
		subject,
		kube,
		prometheus,
		alertmanager,
		slack,
		thanos,
		annotate,
		onTestFinished,
	}) => {
		const back = async () => {
			await scale(kube, coreDns, 1);
			await waitForRollout(kube, coreDns);
		};
		const labelSelector = "k8s-app=kube-dns";
		const { namespace } = coreDns;
		const ownTarget = (labels: Readonly<Record<string, string>>) =>
			labels.namespace === namespace && labels.job === "coredns";

		await scale(kube, coreDns, 0);
		onTestFinished(tidyUp("the return of CoreDNS", back));
		await eventually(
			"no pod of CoreDNS is left",
			budgets.podRestart,
			() =>
				kube.list(
					{ apiVersion: "v1", kind: "Pod", namespace, labelSelector },
					pod,
				),
			(left) => left.length === 0 || `${left.length} are left`,
		);
		const failedBefore = countFailures(await thanos.metrics());
		const began = Date.now();
		const alert = makeCanary(randomBytes(4).toString("hex"));
		const before = await slack.lastId();
		await alertmanager.post([{ labels: { ...alert } }]);
		await eventually(
			"a minute has passed, and every target but CoreDNS was scraped in it and is up",
			budgets.scrapeInterval,
			async () => {
				const { active } = await prometheus.targets({ state: "active" });
				const missing = active.filter(
					({ labels, health, lastScrape }) =>
						!ownTarget(labels) &&
						!(health === "up" && Date.parse(lastScrape) > began),
				);
				const counted = await thanos.metrics();
				const failed = countFailures(counted) - failedBefore;
				const unknown = countUnknown(counted);
				return { missing, failed, unknown, passed: Date.now() - began };
			},
			({ missing: [first], failed, unknown, passed }) => {
				if (first)
					return `${first.scrapeUrl} is ${first.health}: ${first.lastError}`;
				if (failed + unknown === 0)
					return "no look-up of Thanos' query has failed";
				return passed >= minute || `${passed / 1000} s have passed`;
			},
		);
		const seconds = (Date.now() - began) / 1000;
		const heard = async () =>
			countNotifications(await slack.requests(before), { alert }).alert;
		const meanwhile = await heard();
		await back();
		await eventually(
			"Slack hears of the alert",
			budgets.notification,
			heard,
			(each) => (each?.firing ?? 0) > 0 || "it does not",
		);
		const { written, stored } = await readLedgerBack(subject);
		expect(compareToLedger(written, stored[0]?.values ?? [])).toEqual([]);
		await alertmanager.post([
			{ labels: { ...alert }, endsAt: new Date().toISOString() },
		]);
		// Of the same group, it comes after whatever was told of the alert before.
		const told = await eventually(
			"Slack hears that the alert has ended",
			budgets.notification,
			heard,
			(each) => (each?.resolved ?? 0) > 0 || "it does not",
		);
		expect(told).toEqual({ firing: 1, resolved: 1 });
		await eventually(
			"Thanos' query asks sidecar and store gateway again",
			budgets.storeSync,
			() => thanos.stores(),
			({ sidecar = [], store = [] }) => {
				const flaw = [...sidecar, ...store].find(({ lastError }) => lastError);
				if (flaw) return `${flaw.name}: ${flaw.lastError}`;
				return (
					(sidecar.length > 0 && store.length > 0) ||
					`it knows ${sidecar.length} sidecars and ${store.length} store gateways`
				);
			},
		);
		await annotate(
			`${seconds.toFixed(0)} s without DNS: no target down, no sample lost; the alert was told ${meanwhile?.firing ? "meanwhile, by a name that was still known" : "after DNS came back"}`,
		);
	});
});
