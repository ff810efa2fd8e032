import { expect, test } from "vitest";
import { makeSide } from "../cases/read-cases.ts";
import { comparePrometheusRules } from "../monitoring/rules.ts";

const configuration = `
route:
  receiver: nobody
  routes:
    - { receiver: chat, matchers: [severity="critical"] }
    - { receiver: chat, matchers: [namespace="apps"] }
inhibit_rules:
  - { source_matchers: [alertname="Inhibitor"], target_matchers: [severity="info"], equal: [pod] }
receivers:
  - name: nobody
  - { name: chat, slack_configs: [{ channel: a, api_url: "http://a" }] }
`;

function reasonOf(before: object, after: object) {
	const side = (rule: object) =>
		makeSide(
			[
				{
					kind: "Secret",
					name: "alertmanager",
					stringData: { "alertmanager.yaml": configuration },
				},
			],
			{
				objects: [
					{
						kind: "PrometheusRule",
						name: "own",
						spec: {
							groups: [{ name: "own", rules: [{ expr: "up == 0", ...rule }] }],
						},
					},
				],
			},
		);
	const [reason] = comparePrometheusRules(side(before), side(after));
	return reason && `${reason.danger}: ${reason.what}`;
}

test.each([
	[
		"a severity that leads to nobody",
		{ alert: "A", labels: { severity: "critical" } },
		{ alert: "A", labels: { severity: "warning" } },
		"unsafe: The labels of A change. Alertmanager sent it to chat, and now to nobody, where nobody gets it.",
	],
	[
		"a severity that leads to somebody",
		{ alert: "A", labels: { severity: "warning" } },
		{ alert: "A", labels: { severity: "critical" } },
		"review: The labels of A change. Alertmanager sent it to nobody, and now to chat.",
	],
	[
		"a severity that leads to the same receiver",
		{ alert: "A", labels: { severity: "warning" } },
		{ alert: "A", labels: { severity: "info" } },
		"review: The labels of A change.",
	],
	[
		"a label of a route that is aggregated away",
		{ alert: "A", expr: "sum by (namespace) (x) > 1" },
		{ alert: "A", expr: "sum(x) > 1" },
		"review: The condition of A changes. It no longer has the label namespace, by which Alertmanager routes.",
	],
	[
		"a label of a route that may have been there",
		{ alert: "A", expr: "x > 1" },
		{ alert: "A", expr: "sum by (pod) (x) > 1" },
		"review: The condition of A changes. It no longer has the label namespace, by which Alertmanager routes.",
	],
	[
		"a label of an inhibition that is aggregated away",
		{ alert: "A", expr: "sum by (namespace, pod) (x) > 1" },
		{ alert: "A", expr: "sum by (namespace) (x) > 1" },
		"review: The condition of A changes. It no longer has the label pod, by which Alertmanager inhibits.",
	],
	[
		"a label that is still there",
		{ alert: "A", expr: "sum by (namespace, pod) (x) > 1" },
		{ alert: "A", expr: "max by (pod, namespace) (x) > 2" },
		"note: The condition of A changes.",
	],
	[
		"a name that an inhibition has",
		{ alert: "Inhibitor" },
		{ alert: "InfoInhibitor" },
		"review: The alert Inhibitor is renamed to InfoInhibitor. Alertmanager's routes or inhibitions name Inhibitor.",
	],
])("%s", (_, before, after, expected) => {
	expect(reasonOf(before, after)).toBe(expected);
});
