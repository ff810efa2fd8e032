import { expect, test } from "vitest";
import { findCompanions } from "./companions.ts";
import { isStack } from "./describe.ts";
import { findReleases } from "./find-releases.ts";
import { helmRepository, makeHelmRelease } from "./flux/make-objects.ts";
import { makeTree } from "./git/make-tree.ts";

const rule = (name: string, expr = "up == 0") => ({
	apiVersion: "monitoring.coreos.com/v1",
	kind: "PrometheusRule",
	metadata: { name, labels: { release: 1 } },
	spec: { groups: [{ name, rules: [{ alert: name, expr }] }] },
});
const dashboard = JSON.stringify({
	schemaVersion: 39,
	panels: [{ targets: [{ expr: "up" }] }],
});

function companionsOf(files: Parameters<typeof makeTree>[0], place?: string) {
	const tree = makeTree({ "source.yaml": helmRepository, ...files });
	const stacks = findReleases(tree).filter(isStack);
	const found = stacks.find(
		(each) => (place ?? each.place.file) === each.place.file,
	);
	if (!found) throw new Error("no release was found");
	const { objects, unknown } = findCompanions(tree, found, stacks);
	expect(unknown).toEqual([]);
	return objects.map(({ kind, metadata: { name } }) => `${kind} ${name}`);
}
const release = { "apps/stack.yaml": makeHelmRelease({}) };

test("rules and dashboards beside a release are the person's, in each of their forms", () => {
	const found = companionsOf({
		...release,
		"apps/rules.yaml": [rule("disks"), { kind: "Namespace" }],
		"apps/dash.yaml": {
			kind: "ConfigMap",
			metadata: { name: "nodes" },
			data: { "nodes.json": dashboard },
		},
		"dashboards/disks.json": dashboard,
		"dashboards/operator.yaml": {
			kind: "GrafanaDashboard",
			metadata: { name: "made" },
			spec: { json: dashboard },
		},
		"renovate.json": '{"extends": []}',
		"panels.json": '{"panels": []}',
	});
	expect(found.sort()).toEqual([
		"ConfigMap disks",
		"ConfigMap made",
		"ConfigMap nodes",
		"PrometheusRule disks",
	]);
});

test("monitors, rules and routes beside a release are the person's, in the release's namespace unless they name one", () => {
	const object = (kind: string, namespace?: string) => ({
		apiVersion: "monitoring.coreos.com/v1",
		kind,
		metadata: { name: "own", ...(namespace && { namespace }) },
		spec: {},
	});
	const files = {
		...{ "source.yaml": helmRepository, ...release },
		"apps/monitors.yaml": [
			object("ServiceMonitor"),
			object("ServiceMonitor", "apps"),
		],
		"apps/rules.yaml": object("PrometheusRule"),
		"apps/z-routes.yaml": object("AlertmanagerConfig"),
	};
	const tree = makeTree(files);
	const stacks = findReleases(tree).filter(isStack);
	const [stack] = stacks;
	if (!stack) throw new Error("no release was found");
	const { objects } = findCompanions(tree, stack, stacks);
	expect(
		objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}`),
	).toEqual([
		`ServiceMonitor ${stack.namespace}`,
		"ServiceMonitor apps",
		`PrometheusRule ${stack.namespace}`,
		`AlertmanagerConfig ${stack.namespace}`,
	]);
});

test("what is nearer to the stack of another cluster is not this one's", () => {
	const files = {
		"a/stack.yaml": makeHelmRelease({}),
		"b/stack.yaml": makeHelmRelease({}, "other"),
		"a/rules.yaml": rule("a"),
		"b/rules.yaml": rule("b"),
		"rules.yaml": rule("both"),
	};
	expect(companionsOf(files, "a/stack.yaml").sort()).toEqual([
		"PrometheusRule a",
		"PrometheusRule both",
	]);
});

test("templates of the umbrella chart are rendered, those of other charts are not read", () => {
	const name = "kube-prometheus-stack";
	const text = (own: string) =>
		`kind: PrometheusRule\nmetadata: {name: ${own}}\nspec:\n  groups: [{name: "{{ .Values.team }}", rules: [{alert: A, expr: "up == {{ .Values.none }}"}]}]\n`;
	const found = companionsOf({
		"all/Chart.yaml": {
			...{ name: "all", version: "0.1.0" },
			dependencies: [{ name, version: "80.0.0" }],
		},
		"all/values.yaml": { team: "own", none: 0 },
		"all/templates/rules.yaml": text("mine"),
		"loki/Chart.yaml": { name: "loki", version: "1.0.0" },
		"loki/templates/rules.yaml": text("lokis"),
		[`all/charts/${name}/Chart.yaml`]: { name, version: "80.0.0" },
		[`all/charts/${name}/templates/rules.yaml`]: text("charts"),
	});
	expect(found).toEqual(["PrometheusRule mine"]);
});
