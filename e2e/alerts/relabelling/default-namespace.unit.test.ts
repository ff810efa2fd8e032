import { expect, test } from "vitest";
import { relabelSteps, relabelWith } from "../../common/relabelling/relabel.ts";
import { parseConfig } from "../loaded-config.ts";
import { makeRouteTree } from "../route-tree.ts";
import { getsDefaultNamespace } from "./default-namespace.ts";

const byDefault = {
	source_labels: ["namespace"],
	regex: "^$",
	target_label: "namespace",
	replacement: "cluster",
};

function judge(
	labels: Readonly<Record<string, string>>,
	{ step = byDefault as object, routes = "", inhibited = "" } = {},
) {
	const steps = relabelSteps.parse([step]);
	const config = parseConfig(`
route:
  receiver: slack
  routes:
  - {receiver: slack, matchers: ['severity="critical"']}
${routes}
receivers:
- {name: slack, slack_configs: [{api_url_file: /secret}]}
${inhibited}
`);
	const sent = relabelWith(steps, labels);
	if (!sent) throw new Error("the alert was dropped");
	return getsDefaultNamespace(labels, sent, steps, {
		config,
		tree: makeRouteTree(config),
	});
}

const alert = { alertname: "DiskFull", severity: "warning", team: "media" };

test("what is about no namespace may get one, where nothing comes of it", () => {
	expect(judge(alert)).toBe(true);
	// It has one.
	expect(judge({ ...alert, namespace: "media" })).toBe(false);
});

test("a namespace that is routed or inhibited is no mere word", () => {
	const matcher = `'namespace="cluster"'`;
	const routes = `  - {receiver: slack, matchers: [${matcher}]}`;
	expect(judge(alert, { routes })).toBe(false);
	const inhibited = `inhibit_rules: [{source_matchers: [${matcher}], target_matchers: ['severity="warning"'], equal: []}]`;
	expect(judge(alert, { inhibited })).toBe(false);
});

test("alerts that were inhibited together stay together", () => {
	const step = { source_labels: ["team"], target_label: "namespace" };
	expect(judge(alert, { step })).toBe(false);
});
