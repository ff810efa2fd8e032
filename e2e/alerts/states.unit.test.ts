import { expect, test } from "vitest";
import type { AlertmanagerAlert } from "../clients/alertmanager.ts";
import { parseConfig } from "./loaded-config.ts";
import {
	annotationsOf,
	labelsOf,
	makePlantedAlerts,
	type PlantedAlert,
} from "./planted-alerts.ts";
import { describeChangedLabels, describeStates } from "./states.ts";

const { suppressor, suppressed, watchdog, warning } = makePlantedAlerts("7f");
const config = parseConfig(`
route: {receiver: slack}
receivers: [{name: "null"}, {name: slack, slack_configs: [{}]}]
`);

function makeSeen(
	alert: PlantedAlert,
	fingerprint: string,
	receiver: string,
	status: Partial<AlertmanagerAlert["status"]> = {},
): AlertmanagerAlert {
	return {
		fingerprint,
		labels: { ...labelsOf(alert), cluster: "homelab" },
		annotations: {},
		startsAt: "",
		endsAt: "",
		receivers: [{ name: receiver }],
		status: { state: "active", inhibitedBy: [], silencedBy: [], ...status },
	};
}

test("each alert is described by its state, what suppresses it and where it goes", () => {
	const seen = [
		makeSeen(suppressor, "f1", "slack"),
		makeSeen(suppressed, "f2", "slack", {
			state: "suppressed",
			inhibitedBy: ["f1", "f9"],
			silencedBy: ["s1"],
		}),
		makeSeen(watchdog, "f3", "null"),
	];
	const planted = { suppressor, suppressed, watchdog, warning };
	expect(describeStates(seen, planted, config)).toEqual({
		suppressor: "active, to slack",
		suppressed:
			"suppressed by suppressor and another alert (f9) and silence s1, to slack",
		watchdog: "active, to nobody",
		warning: "unknown to Alertmanager",
	});
});

test("alerts whose labels were changed on their way are described by what differs", () => {
	const changed = makeSeen(suppressed, "f2", "slack");
	const seen = [
		makeSeen(suppressor, "f1", "slack"),
		{
			...changed,
			labels: { ...changed.labels, namespace: "monitoring" },
			annotations: annotationsOf(suppressed),
		},
	];
	expect(
		describeChangedLabels(seen, { suppressor, suppressed, warning }),
	).toEqual([
		'suppressed with namespace="monitoring" instead of "e2e-here-7f"',
	]);
});
