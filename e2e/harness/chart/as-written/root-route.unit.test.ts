import { expect, test } from "vitest";
import { readRootRoute } from "./root-route.ts";

const make = (kind: string, name: string, rest: object) => ({
	apiVersion: "v1",
	kind,
	metadata: { name },
	...rest,
});
const configuration = (route: string) =>
	`route: {receiver: slack${route}}\nreceivers: [{name: slack}]`;
const encoded = (text: string) => ({
	data: { "alertmanager.yaml": Buffer.from(text).toString("base64") },
});

test.each([
	[
		"the chart's Secret",
		[
			make("Secret", "other", encoded(configuration(", group_wait: 1s"))),
			make(
				"Secret",
				"alertmanager-stack",
				encoded(
					configuration(
						", group_wait: 30s, routes: [{receiver: a}, {group_interval: 12h}]",
					),
				),
			),
			make("Alertmanager", "stack", {}),
		],
		{
			groupWait: "30s",
			routes: [{ routes: [] }, { groupInterval: "12h", routes: [] }],
		},
	],
	[
		"a Secret that is named",
		[
			make("Alertmanager", "stack", { spec: { configSecret: "own" } }),
			make("Secret", "own", {
				stringData: { "alertmanager.yaml": configuration("") },
			}),
		],
		{ routes: [] },
	],
	[
		"a Secret that is not the chart's",
		[make("Alertmanager", "stack", { spec: { configSecret: "own" } })],
		undefined,
	],
	[
		"an AlertmanagerConfig instead",
		[
			make("Alertmanager", "stack", {
				spec: { alertmanagerConfiguration: { name: "own" } },
			}),
			make("Secret", "alertmanager-stack", encoded(configuration(""))),
		],
		undefined,
	],
	[
		"what is no configuration",
		[
			make("Alertmanager", "stack", {}),
			make("Secret", "alertmanager-stack", encoded("route: [")),
		],
		undefined,
	],
])("the routes' waits are those of %s", (_, manifests, expected) => {
	expect(readRootRoute(manifests)).toEqual(expected);
});
