import { expect, test } from "vitest";
import { makeSide } from "../cases/read-cases.ts";
import { compareRouting } from "./routing.ts";

const rules = {
	kind: "PrometheusRule",
	name: "own",
	spec: {
		groups: [
			{
				name: "own",
				rules: [
					{ alert: "A", expr: "up == 0", labels: { severity: "critical" } },
				],
			},
		],
	},
};

function makeRouted(
	routes: string,
	more: readonly { kind: string; name: string }[] = [],
) {
	const configuration = `{route: {receiver: chat, routes: [${routes}]}, receivers: [{name: chat, slack_configs: [{channel: a}]}, {name: nobody}]}`;
	const secret = { "alertmanager.yaml": configuration };
	return makeSide([], {
		objects: [
			{ kind: "Prometheus", name: "p", spec: { ruleSelector: {} } },
			{ kind: "Secret", name: "am", stringData: secret },
			rules,
			...more,
		],
	});
}

test.each([
	[
		"an urgent alert that nobody gets any more",
		"{receiver: nobody, matchers: [severity=critical]}",
		[],
		"unsafe: The routing tree changes: nobody gets A any more.",
	],
	[
		"one that an AlertmanagerConfig may take",
		"{receiver: nobody, matchers: [severity=critical]}",
		[
			{
				kind: "AlertmanagerConfig",
				apiVersion: "monitoring.coreos.com/v1alpha1",
				name: "own",
				spec: { route: { receiver: "a" }, receivers: [{ name: "a" }] },
			},
		],
		"review: The routing tree changes.",
	],
	[
		"one that is silenced by its name",
		"{receiver: nobody, matchers: [alertname=A]}",
		[],
		"review: The routing tree changes.",
	],
])("%s", (_, routes, more, expected) => {
	const reasons = compareRouting(makeRouted(""), makeRouted(routes, more));
	expect(reasons.map(({ danger, what }) => `${danger}: ${what}`)).toEqual([
		expected,
	]);
	expect(reasons[0]?.evidence[0]).toBe("A: chat → nobody (nobody gets it)");
});
