import pLimit from "p-limit";
import { describe } from "vitest";
import {
	findExposures,
	findMountedKey,
	readLogs,
	readObjects,
	readSecretKey,
} from "./alerts/exposure.ts";
import { test } from "./alerts/fixtures.ts";
import { longestGroupWait } from "./alerts/loaded-config.ts";
import {
	countNotifications,
	type Heard,
	waitUntilSlackHears,
} from "./alerts/notifications.ts";
import { pickRoute } from "./alerts/routing.ts";
import { describeRoute, routingTable } from "./alerts/routing-table.ts";
import { describeStates, whereTo } from "./alerts/states.ts";
import { listPodsOfService } from "./clients/service-pods.ts";
import { slackNamespace } from "./clients/slack.ts";
import { holds, makeNeedles } from "./common/secrecy/search.ts";

/** The planted alerts that Slack is to be told of. */
const told = [
	"critical",
	"warning",
	"suppressor",
	"otherNamespace",
	"otherName",
] as const;

/** What Slack should have heard: the same of all that are told, nothing of the rest. */
function expectedOf(heard: Heard): Record<string, Heard> {
	const nothing = { firing: 0, resolved: 0 };
	return {
		...Object.fromEntries([...told, "canary"].map((key) => [key, heard])),
		suppressed: nothing,
		infoInhibitor: nothing,
		watchdog: nothing,
	};
}

describe("alerts reach Slack by severity, suppressed and nulled ones excepted", {
	tags: ["upgrade"],
}, () => {
	test.concurrent("alerts are routed by severity, critical ones repeated each hour and warnings each six hours", async ({
		config,
		tools,
		expect,
	}) => {
		const picked = await pLimit(2).map(routingTable, ({ labels }) =>
			pickRoute(tools, config, labels),
		);
		expect(picked.map(describeRoute)).toEqual(routingTable.map(describeRoute));
	});

	test.concurrent("critical and warning alerts are told to Slack once and later as resolved, suppressed and nulled ones never", async ({
		config,
		planting,
		alertmanager,
		slack,
		expect,
	}) => {
		const alerts = { ...planting.alerts, canary: planting.canary };
		const before = await slack.lastId();
		const hear = (
			status: keyof Heard,
			keys: readonly (keyof typeof alerts)[],
		) =>
			waitUntilSlackHears(
				status,
				keys,
				alerts,
				{ slack, alertmanager },
				before,
			);
		const heard = async () =>
			countNotifications(await slack.requests(before), alerts);

		await planting.turn("firing");
		await planting.waitUntilKnown(longestGroupWait(config));
		await hear("firing", told);
		await planting.sing("firing");
		await hear("firing", ["canary"]);
		expect(await heard()).toEqual(expectedOf({ firing: 1, resolved: 0 }));
		const states = describeStates(
			await planting.inAlertmanager(),
			alerts,
			config,
		);
		expect(states).toEqual({
			critical: "active, to slack",
			warning: "active, to slack",
			suppressor: "active, to slack",
			suppressed: "suppressed by suppressor, to slack",
			otherNamespace: "active, to slack",
			otherName: "active, to slack",
			infoInhibitor: expect.stringMatching(/, to nobody$/),
			watchdog: expect.stringMatching(/, to nobody$/),
			canary: "active, to slack",
		});
		// The stack's own, besides the planted ones.
		const ownOnes = await alertmanager.alerts(
			'alertname=~"InfoInhibitor|Watchdog"',
		);
		for (const each of ownOnes) expect(whereTo(each, config)).toBe("nobody");

		await planting.turn("resolved");
		await hear("resolved", told);
		await planting.sing("resolved");
		await hear("resolved", ["canary"]);
		expect(await heard()).toEqual(expectedOf({ firing: 1, resolved: 1 }));
		expect(await planting.inAlertmanager()).toEqual([]);
	});

	// Last, so that the logs tell of notifications, too.
	test("the webhook's address comes from the mounted file and stands nowhere else", async ({
		config,
		environment,
		kube,
		prometheus,
		alertmanager,
		expect,
	}) => {
		const { namespace } = environment;
		const needles = makeNeedles(environment.slackWebhookUrl);
		// Only what is blanked can be shown: no assertion here may quote a value that could be the secret.
		const slackConfigs = config.receivers.flatMap((each) => each.slack_configs);
		expect(slackConfigs).not.toEqual([]);
		expect(config.global.slack_api_url, "global.slack_api_url").toBeUndefined();

		const [pod] = await listPodsOfService(
			kube,
			namespace,
			"alertmanager-operated",
		);
		expect(pod, "Alertmanager's pod").toBeDefined();
		const files: string[] = [];
		const homes = new Set<string>();
		for (const { api_url: inline, api_url_file: file = "" } of slackConfigs) {
			expect(inline === undefined, "no slack_config bears api_url").toBe(true);
			const key = pod && findMountedKey(pod, file);
			expect(key, `a Secret mounted as ${file}`).toBeDefined();
			if (!key) continue;
			const mounted = await readSecretKey(kube, namespace, key);
			expect(holds(mounted, needles), `the webhook is in ${file}`).toBe(true);
			files.push(file);
			homes.add(key.secretName);
		}
		const places = [
			...(await readObjects(kube, namespace, homes)),
			...(await readLogs(kube, namespace)),
			...(await readLogs(kube, slackNamespace)),
		];
		// The same search finds what does stand there, inside of gzip: the files' names.
		for (const file of files)
			expect(findExposures(places, [file])).not.toEqual([]);
		expect(findExposures(places, needles)).toEqual([]);
		const loaded = {
			"Alertmanager's configuration": await alertmanager.config(),
			"Prometheus' configuration": JSON.stringify(await prometheus.config()),
		};
		expect(
			Object.entries(loaded).flatMap(([place, text]) =>
				holds(text, needles) ? [place] : [],
			),
		).toEqual([]);
	});
});
