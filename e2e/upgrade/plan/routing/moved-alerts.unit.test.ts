import { expect, test } from "vitest";
import { makeSide } from "../cases/read-cases.ts";
import { selectedRules } from "../monitoring/rule-schema.ts";
import { movedAlerts } from "./moved-alerts.ts";

const configuration = (...routes: string[]) =>
	`{route: {receiver: chat, routes: [${routes.join(", ")}]}, receivers: [{name: chat, slack_configs: [{channel: a}]}, {name: pager, webhook_configs: [{url: "http://a"}]}, {name: "null"}]}`;

const rules = selectedRules(
	makeSide([], {
		objects: [
			{ kind: "Prometheus", name: "p", spec: { ruleSelector: {} } },
			{
				kind: "PrometheusRule",
				name: "own",
				spec: {
					groups: [
						{
							name: "own",
							rules: ["A", "B", "C", "D", "E"].map((alert) => ({
								alert,
								expr: "up == 0",
								labels: { severity: alert === "E" ? "info" : "critical" },
							})),
						},
					],
				},
			},
		],
	}),
);

const critical = '{receiver: pager, matchers: ["severity=critical"]}';
const info = '{receiver: "null", matchers: ["severity=info"]}';

const silent = (matcher: string) =>
	`{receiver: "null", matchers: ['${matcher}']}`;

test.each([
	[[critical], [critical], [], []],
	[[critical], [], ["A, B, C, D: pager → chat"], []],
	[[], [info], ["E: chat → null (nobody gets it)"], []],
	[[], ['{receiver: pager, matchers: ["namespace=a"]}'], [], []],
	[
		[info],
		['{receiver: pager, matchers: ["severity=info"]}', silent("alertname=~.*")],
		[
			"A, B, C, D: chat → null (nobody gets it)",
			"E: null (nobody gets it) → pager",
		],
		["A", "B", "C", "D"],
	],
	// A route that names an alert silences it on purpose.
	[[], [silent("alertname=A")], ["A: chat → null (nobody gets it)"], []],
	[[], [silent("alertname=~[AB]")], ["A, B: chat → null (nobody gets it)"], []],
	// What no route takes by a label that the series may bring goes nowhere: but that route is new.
	[
		[],
		[
			'{receiver: pager, matchers: ["namespace=~.+"]}',
			silent("severity=critical"),
		],
		["A, B, C, D: chat → null (nobody gets it)"],
		[],
	],
	[
		['{receiver: pager, matchers: ["team=a"]}'],
		['{receiver: chat, matchers: ["team=a"]}', silent("severity=critical")],
		["A, B, C, D: chat → null (nobody gets it)"],
		["A", "B", "C", "D"],
	],
])("from %j to %j", (old, now, lines, lost) => {
	expect(
		movedAlerts(configuration(...old), configuration(...now), rules),
	).toEqual({ lines, lost });
});
