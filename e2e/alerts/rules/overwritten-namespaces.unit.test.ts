import { expect, test } from "vitest";
import { findOverwrittenNamespaces } from "./overwritten-namespaces.ts";

const namespaces = ["monitoring", "media", "argocd", "kube-system"];
const restarts = "kube_pod_container_status_restarts_total";
const prometheus = {
	query: async (expression: string) =>
		(expression.includes("kube_")
			? namespaces.map((namespace) => ({ namespace, pod: "a" }))
			: expression.includes("node_")
				? [{ namespace: "monitoring" }]
				: [{}]
		).map((metric: Record<string, string>) => ({
			metric,
			value: { timestamp: 0, value: 1 },
		})),
};

function rule(
	severity: string,
	{
		alertname = "Restarts",
		namespace = "homelab",
		expression = `${restarts} > 5`,
		severities = [severity],
	} = {},
) {
	return {
		labels: { alertname, ...(namespace && { namespace }) },
		sets: ["severity"],
		severities,
		expression,
		group: { name: "homelab", limit: 0 },
	};
}
const judge = (...rules: ReturnType<typeof rule>[]) =>
	findOverwrittenNamespaces(prometheus, rules);

const message =
	"a critical alert is to suppress the warnings of its own alertname and namespace, but rule Restarts gives alerts of argocd, kube-system, media, ... the namespace homelab, by which a critical one suppresses the warnings of all of them";

test("one namespace that is written on alerts of several is told", async () => {
	expect(await judge(rule("warning"), rule("critical"))).toEqual([message]);
	const severities = ["critical", "warning"];
	expect(await judge(rule("", { severities }))).toEqual([message]);
});

test.each([
	["a warning alone", [rule("warning")]],
	["critical alerts alone", [rule("critical"), rule("critical")]],
	["no warning", [rule("critical"), rule("info")]],
	["another name", [rule("critical"), rule("warning", { alertname: "Other" })]],
	[
		"another namespace",
		[rule("critical"), rule("warning", { namespace: "other" })],
	],
	[
		"the series' own namespaces",
		[rule("critical"), rule("warning", { namespace: "" })],
	],
])("with %s none of others are suppressed", async (_, rules) => {
	expect(await judge(...rules)).toEqual([]);
});

test.each([
	"node_load1 > 9",
	"vector(1) > 1",
	`absent(${restarts})`,
	`${restarts} > 5 unless on (namespace) kube_namespace_labels`,
])("%s has no namespaces to overwrite", async (expression) => {
	expect(
		await judge(
			rule("critical", { expression }),
			rule("warning", { expression }),
		),
	).toEqual([]);
	// What is about the whole cluster may stand for all that is in it.
	expect(
		await judge(rule("critical", { expression }), rule("warning")),
	).toEqual([]);
});
