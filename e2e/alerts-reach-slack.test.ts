import { omit } from "es-toolkit";
import pLimit from "p-limit";
import { describe } from "vitest";
import { whyToldTwice } from "./alerts/alertmanagers.ts";
import { planCanaries } from "./alerts/canaries/canaries.ts";
import { sendCanaries } from "./alerts/canaries/send-canaries.ts";
import { expectCounts, notified } from "./alerts/expected-counts.ts";
import { findExposures, readLogs, readObjects } from "./alerts/exposure.ts";
import { test } from "./alerts/fixtures.ts";
import { findInlineCredentials } from "./alerts/inline-credentials.ts";
import { findLoadedFlaws } from "./alerts/loaded-flaws.ts";
import { listAlertRules, withEachSeverity } from "./alerts/loaded-rules.ts";
import { findBrokenTemplates } from "./alerts/messages/broken-templates.ts";
import { findSilentMessages } from "./alerts/messages/silent-messages.ts";
import { readTemplateFiles } from "./alerts/messages/template-files.ts";
import {
	countNotifications,
	type NotificationCounts,
	notEnded,
	waitForNotifications,
} from "./alerts/notifications.ts";
import { pickRoute, whereTo } from "./alerts/routing.ts";
import { describeRoute, routingTable } from "./alerts/routing-table.ts";
import { describeStates, receiversOf } from "./alerts/states.ts";
import { longestGroupWait, longestWait } from "./alerts/waits.ts";
import { readSecretKey } from "./clients/secret.ts";
import { slackNamespace } from "./clients/slack.ts";
import { containsSecret, makeNeedles } from "./common/secrecy/search.ts";
import {
	findSlackFiles,
	firstCredentials,
	listAlertmanagerPods,
} from "./secrets/slack-files.ts";

describe("alerts reach Slack by severity, except those that are inhibited or go to the null receiver", {
	tags: ["upgrade"],
}, () => {
	test.concurrent("alerts are routed by severity, critical ones repeat every hour and warnings every six hours", async ({
		config,
		tools,
		expect,
	}) => {
		const picked = await pLimit(2).map(routingTable, ({ labels }) =>
			pickRoute(tools, config, labels),
		);
		expect(picked.map(describeRoute)).toEqual(routingTable.map(describeRoute));
	});

	test.concurrent("every loaded rule's alerts reach Slack as promised, whatever their labels and the time of day", async ({
		config,
		alertmanagerConfigs,
		kube,
		environment,
		prometheus,
		annotate,
		expect,
	}) => {
		const rules = await listAlertRules(prometheus);
		expect(rules.length, "alert rules that Prometheus has").toBeGreaterThan(0);
		const { flaws, untried } = await findLoadedFlaws({
			kube,
			prometheus,
			environment,
			config,
			alertmanagerConfigs,
			rules,
		});
		for (const each of untried) await annotate(each);
		expect(flaws).toEqual([]);
	});

	test.concurrent("every message about a critical or warning alert can be written and says something, whichever receiver it has", async ({
		config,
		tools,
		nodes,
		kube,
		environment: { namespace },
		prometheus,
		expect,
	}) => {
		const rules = await listAlertRules(prometheus);
		const [pod] = await listAlertmanagerPods({ kube, namespace });
		const files = pod
			? await readTemplateFiles(nodes, pod, config.templates ?? [])
			: {};
		const labels = rules.map((each) => each.labels);
		expect(await findBrokenTemplates(tools, config, labels, files)).toEqual([]);
		expect(await findSilentMessages(tools, config, rules, files)).toEqual([]);
	});

	test.concurrent("each receiver of critical and warning alerts can tell Slack, also one for a namespace alone", async ({
		config,
		planting,
		alertmanager,
		slack,
		prometheus,
		annotate,
	}) => {
		const alerts = (await listAlertRules(prometheus)).flatMap(withEachSeverity);
		const { canaries, untried } = planCanaries(config, alerts, planting.token);
		const path = { slack, alertmanager };
		const unknown = await sendCanaries(canaries, planting, path, config);
		for (const each of [...untried, ...unknown]) await annotate(each);
	});

	test.concurrent("Slack is notified once when critical and warning alerts fire and once when they resolve, and never of inhibited ones or those for the null receiver", async ({
		config,
		planting,
		alertmanager,
		slack,
		expect,
	}) => {
		const alerts = { ...planting.alerts, canary: planting.canary };
		// A channel of its own may show that alerting works; whether it is one is judged above.
		const unjudged = /slack/i.test(whereTo(config, alerts.watchdog))
			? ["watchdog"]
			: [];
		const before = await slack.lastId();
		const longest = longestWait(config);
		let ended = notEnded;
		const wait = (
			status: keyof NotificationCounts,
			keys: readonly (keyof typeof alerts)[],
		) =>
			waitForNotifications(
				status,
				keys,
				alerts,
				{ slack, alertmanager },
				before,
				{ ended, longestWait: longest },
			);
		const count = async () =>
			omit(
				countNotifications(await slack.requests(before), alerts, ended),
				unjudged,
			);

		await planting.setState("firing");
		await planting.waitUntilKnown(longestGroupWait(config));
		await wait("firing", notified);
		await planting.post("firing");
		await wait("firing", ["canary"]);
		const twice = await whyToldTwice(alertmanager);
		expect(await count(), twice).toEqual(
			omit(expectCounts({ firing: 1, resolved: 0 }), unjudged),
		);
		const states = describeStates(
			await planting.inAlertmanager(),
			alerts,
			config,
		);
		const isDropped = (await planting.listDropped()).includes("infoInhibitor");
		expect(states).toEqual({
			critical: "active, to slack",
			warning: "active, to slack",
			suppressor: "active, to slack",
			suppressed: "suppressed by suppressor, to slack",
			otherSuppressor: "active, to slack",
			otherNamespace: "active, to slack",
			otherName: "active, to slack",
			infoInhibitor: expect.stringMatching(
				isDropped ? /^unknown to Alertmanager$/ : /, to nobody$/,
			),
			watchdog: expect.any(String),
			canary: "active, to slack",
		});
		// The stack's own ones, too.
		const all = await alertmanager.alerts('alertname="InfoInhibitor"');
		if (!isDropped)
			expect(all, "InfoInhibitor, of which one is planted").not.toEqual([]);
		// A team may have everything of its namespace sent to itself as well.
		for (const each of all)
			expect(receiversOf(each, config)).toMatch(/\bnobody$/);

		ended = await slack.lastId();
		await planting.setState("resolved");
		await wait("resolved", notified);
		await planting.post("resolved");
		await wait("resolved", ["canary"]);
		expect(await count(), await whyToldTwice(alertmanager)).toEqual(
			omit(expectCounts({ firing: 1, resolved: 1 }), unjudged),
		);
		expect(await planting.inAlertmanager()).toEqual([]);
	});

	// Last, so that the logs include those of notifications.
	test("the webhook's address comes from the mounted file and appears nowhere else", async ({
		config,
		environment,
		kube,
		prometheus,
		alertmanager,
		expect,
	}) => {
		const { namespace } = environment;
		const credentials = firstCredentials(environment);
		const needles = Object.values(credentials).flatMap(makeNeedles);
		// No assertion may quote a value that could be the secret: a failure's message is printed.
		const slackConfigs = config.receivers.flatMap((each) => each.slack_configs);
		expect(slackConfigs).not.toEqual([]);
		expect(findInlineCredentials(config)).toEqual([]);
		const access = { kube, namespace, alertmanager };
		const files = new Set<string>();
		const homes = new Set<string>();
		for (const { pod, path, key, content } of await findSlackFiles(access)) {
			expect(
				key,
				`${path} of ${pod.metadata.name} is in a Secret`,
			).toBeDefined();
			if (!key) continue;
			const mounted = await readSecretKey(kube, namespace, key);
			expect(
				containsSecret(mounted.toString(), makeNeedles(credentials[content])),
				`the webhook, or the bot's token, is in ${path}`,
			).toBe(true);
			files.add(path);
			homes.add(key.name);
		}
		const places = [
			...(await readObjects(kube, namespace, homes)),
			...(await readLogs(kube, namespace)),
			...(await readLogs(kube, slackNamespace)),
		];
		// The same search finds what is there, even inside gzip: the files' names.
		for (const file of files)
			expect(findExposures(places, [file])).not.toEqual([]);
		expect(findExposures(places, needles)).toEqual([]);
		const loaded = {
			"Alertmanager's configuration": await alertmanager.config(),
			"Prometheus' configuration": JSON.stringify(await prometheus.config()),
		};
		expect(
			Object.entries(loaded).flatMap(([place, text]) =>
				containsSecret(text, needles) ? [place] : [],
			),
		).toEqual([]);
	});
});
