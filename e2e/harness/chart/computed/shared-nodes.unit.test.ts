import { expect, test } from "vitest";
import { parse } from "yaml";
import { shareNodes } from "./shared-nodes.ts";

const alertmanager = (spec: string) =>
	`alertmanager: { alertmanagerSpec: { ${spec} } }`;

test("replicas that must be apart share a node", () => {
	const addition = shareNodes([
		alertmanager("podAntiAffinity: hard"),
		alertmanager("replicas: 2"),
		"prometheus: { prometheusSpec: { replicas: 2, podAntiAffinity: hard } }",
	]);
	expect(parse(addition?.content ?? "")).toEqual({
		prometheus: { prometheusSpec: { podAntiAffinity: "soft" } },
		alertmanager: { alertmanagerSpec: { podAntiAffinity: "soft" } },
	});
	expect(addition?.changed).toEqual([
		"prometheus.prometheusSpec.podAntiAffinity=soft",
		"alertmanager.alertmanagerSpec.podAntiAffinity=soft",
	]);
});

test.each([
	["one replica", [alertmanager("podAntiAffinity: hard")]],
	["a preference", [alertmanager("replicas: 2, podAntiAffinity: soft")]],
	["no word of it", [alertmanager("replicas: 2")]],
	[
		"a later file that prefers it",
		[
			alertmanager("replicas: 2, podAntiAffinity: hard"),
			alertmanager("podAntiAffinity: soft"),
		],
	],
])("%s stays", (_, layers) => {
	expect(shareNodes(layers)).toBeUndefined();
});
