import { expect, test } from "vitest";
import { selectorsIn } from "../../common/promql/expressions.ts";
import { type LabelSources, whyMisfit } from "./label-misfits.ts";

const pool = "serviceMonitor/monitoring/node-exporter/0";
const target = {
	scrapePool: pool,
	labels: { job: "nodes" },
	discoveredLabels: {
		__meta_kubernetes_service_label_app: "node-exporter",
		__metrics_path__: "/metrics/cadvisor",
	},
};

/** @param stored the selectors that match series */
async function explain(
	expression: string,
	stored: readonly string[],
	more: Partial<LabelSources> = {},
) {
	const [selector] = selectorsIn(expression);
	if (!selector) throw new Error(`no selector in ${expression}`);
	const sources = {
		targets: [target],
		configs: [],
		externalLabels: ["cluster"],
		...more,
	};
	const find = (asked: string) =>
		Promise.resolve(
			asked === "group by (job) (a)" ||
				stored.some((each) => asked === `count(${each})`)
				? [{ job: "nodes" }]
				: [],
		);
	return whyMisfit(selector, sources, find);
}

test("a job that relabelling has renamed", async () => {
	expect(
		await explain('a{job="node-exporter",mode="idle"}', ['a{mode="idle"}']),
	).toBe(
		`no series matches a{job="node-exporter",mode="idle"}, but some match a{mode="idle"}: the targets of ${pool} were discovered with this value, and their series have job="nodes"`,
	);
});

test("a label of targets that relabelling does not set any more, beside another one", async () => {
	expect(
		await explain('a{job=~"node.+", metrics_path="/metrics/cadvisor"}', [
			'a{job=~"node.+"}',
		]),
	).toMatch(/their series have metrics_path=""$/);
});

test("a job that metric relabelling has renamed", async () => {
	const renamed = {
		targets: [{ ...target, labels: { job: "node-exporter" } }],
		configs: [
			{
				job_name: pool,
				scrape_interval: "1m",
				metric_relabel_configs: [{ target_label: "job", replacement: "nodes" }],
			},
		],
	};
	expect(await explain('a{job="node-exporter"}', ["a{}"], renamed)).toMatch(
		/their series have job="nodes"$/,
	);
});

test("a job that is not here, or whose other labels nothing has, is no misfit", async () => {
	expect(await explain('a{job="proxmox"}', ["a{}"])).toBeUndefined();
	expect(await explain('a{job="node-exporter",mode="x"}', [])).toBeUndefined();
	expect(await explain('a{namespace="x"}', ["a{}"])).toBeUndefined();
	expect(await explain('a{cluster=""}', ["a{}"])).toBeUndefined();
	expect(await explain('{job="node-exporter"}', ["{}"])).toBeUndefined();
});

test("an external label is on no series of Prometheus' own", async () => {
	expect(await explain('a{cluster="homelab"}', ["a{}"])).toMatch(
		"cluster is an external label",
	);
});

test("a label that metric relabelling takes away", async () => {
	const makeConfigs = (action: string, regex: string) => ({
		configs: [
			{
				job_name: pool,
				scrape_interval: "1m",
				metric_relabel_configs: [{ action, regex }],
			},
		],
	});
	const dropped = makeConfigs("labeldrop", "container|id");
	expect(await explain('a{container!=""}', ["a{}"], dropped)).toMatch(
		`metric relabelling of ${pool} takes the label container away (labeldrop matching container|id)`,
	);
	const both = 'a{container!="",job="node-exporter"}';
	expect(await explain(both, ["a{}"], dropped)).toMatch(
		/takes the label container away.*, and the targets of .* have job="nodes"$/,
	);
	const kept = makeConfigs("labelkeep", "job|__name__");
	expect(await explain('a{container!=""}', ["a{}"], kept)).toMatch("labelkeep");
	const other = makeConfigs("labeldrop", "id");
	expect(await explain('a{container!=""}', ["a{}"], other)).toBeUndefined();
});
