import { expect, test } from "vitest";
import { parse } from "yaml";
import { watchSmallNamespace } from "./watched-namespace.ts";

test("the test's namespace joins those that values name last", () => {
	const added = watchSmallNamespace([
		"prometheusOperator: { namespaces: { releaseNamespace: true, additional: [a] } }",
		"prometheusOperator: { namespaces: { additional: [b, c] }, prometheusInstanceNamespaces: [monitoring] }",
	]);
	expect(parse(added?.content ?? "")).toEqual({
		prometheusOperator: {
			namespaces: { additional: ["b", "c", "o11y-e2e-small"] },
			prometheusInstanceNamespaces: ["monitoring", "o11y-e2e-small"],
		},
	});
	expect(added?.changed).toEqual([
		"prometheusOperator.namespaces.additional[2]=o11y-e2e-small",
		"prometheusOperator.prometheusInstanceNamespaces[1]=o11y-e2e-small",
	]);
});

test("the release's own namespace is a limit, too", () => {
	const added = watchSmallNamespace([
		"prometheusOperator: { namespaces: { releaseNamespace: true } }",
	]);
	expect(parse(added?.content ?? "")).toEqual({
		prometheusOperator: { namespaces: { additional: ["o11y-e2e-small"] } },
	});
});

test.each([
	["say nothing of it", ["grafana: { enabled: true }", ""]],
	[
		"name none",
		[
			"prometheusOperator: { namespaces: {}, prometheusInstanceNamespaces: [], denyNamespaces: [sandbox] }",
		],
	],
	[
		"take them back in a later file",
		[
			"prometheusOperator: { namespaces: { releaseNamespace: true, additional: [a] } }",
			"prometheusOperator: { namespaces: null }",
		],
	],
	[
		"name none any more in a later file",
		[
			"prometheusOperator: { namespaces: { releaseNamespace: true, additional: [a] } }",
			"prometheusOperator: { namespaces: { releaseNamespace: false, additional: [] } }",
		],
	],
])("values that %s stay as they are", (_, layers) => {
	expect(watchSmallNamespace(layers)).toBeUndefined();
});
