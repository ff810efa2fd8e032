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

test.each([
	[[critical], [critical], []],
	[[critical], [], ["A, B, C and 1 more alerts: pager → chat"]],
	[[], [info], ["E: chat → null (nobody gets it)"]],
	[[], ['{receiver: pager, matchers: ["namespace=a"]}'], []],
])("from %j to %j", (old, now, lines) => {
	expect(
		movedAlerts(configuration(...old), configuration(...now), rules),
	).toEqual(lines);
});
