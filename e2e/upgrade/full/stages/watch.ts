import { randomBytes } from "node:crypto";
import { SlackClient } from "../../../clients/slack.ts";
import { type StartedLedger, startLedger } from "../../../ledger/writer.ts";
import {
	hasAlertmanager,
	reachesSlack,
	takesRemoteWrites,
} from "../abilities.ts";
import type { UpgradeContext } from "../context.ts";
import {
	type FiringAlert,
	makeFiringAlert,
	makeFiringRule,
	waitForFirstMessage,
} from "../planted-alert.ts";
import { plantSilence } from "../planted-silence.ts";
import type { Stack } from "../state.ts";
import { unlessSeen, waitUntilComplete } from "../waits.ts";
import { type StartedWatch, startWatch } from "../watchdog.ts";

/** Everything that writes and watches through the upgrade, until it is disposed. */
export interface StartedWatchers extends AsyncDisposable {
	readonly watchdog: StartedWatch;
	/** Undefined if the stack takes no remote writes. */
	readonly ledger: StartedLedger | undefined;
	/** Undefined if the alert does not reach the Slack mock. */
	readonly planted: FiringAlert | undefined;
	/** The id of a silence; undefined if the stack has no Alertmanager. */
	readonly silence: string | undefined;
}

/** Starts writers and watchers, and waits until everything is scraped and Slack has received the planted alert. */
export async function startWatchers(
	context: UpgradeContext,
): Promise<StartedWatchers> {
	const { stack, progress } = context;
	const first = context.charts.from;
	await using stops = new AsyncDisposableStack();
	const watchdog = startWatch(stack.alertmanager);
	stops.defer(() => watchdog.stop());
	const ledger = takesRemoteWrites(first) ? startOwnLedger(stack) : undefined;
	if (ledger) stops.defer(() => ledger.stop());
	const token = randomBytes(4).toString("hex");
	const alert = makeFiringAlert(stack.namespace, token);
	const rule = makeFiringRule(alert, first.helm.release.name);
	const { planted, silence } = await context.stage(
		"writers and watchers",
		async () => {
			// If the first chart never gets there, the upgrade is compared with what it has.
			await waitUntilComplete(stack).catch(unlessSeen);
			const silence = hasAlertmanager(first)
				? await plantSilence(stack.alertmanager, token)
				: undefined;
			if (!reachesSlack(first)) return { planted: undefined, silence };
			// Whether the test can tidy up says nothing about the upgrade.
			stops.defer(() => stack.kube.delete([rule]).catch(() => undefined));
			await stack.kube.apply([rule]);
			const received = await waitForFirstMessage(
				SlackClient.inCluster(stack.kube),
				alert,
			).catch(unlessSeen);
			if (received === undefined)
				progress.say(
					"a planted critical alert does not reach Slack with these values: repeated messages are not counted",
				);
			const planted =
				received === undefined ? undefined : { alert, messages: received };
			return { planted, silence };
		},
	);
	const running = stops.move();
	return {
		watchdog,
		ledger,
		planted,
		silence,
		[Symbol.asyncDispose]: () => running.disposeAsync(),
	};
}

function startOwnLedger({ prometheus }: Stack): StartedLedger {
	return startLedger(prometheus, {
		name: "o11y_e2e_upgrade_ledger",
		labels: { run: randomBytes(4).toString("hex") },
	});
}
