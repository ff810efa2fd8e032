import { expect, test } from "vitest";
import { selectorsIn } from "../../common/promql/expressions.ts";
import { whyUnexposed } from "./unexposed.ts";

function explain(text: string): string | undefined {
	const [selector] = selectorsIn(text);
	return (
		selector &&
		whyUnexposed(selector, {
			jobs: ["node-exporter", "kube-state-metrics", "minio"],
			stateArgs: ["--metric-denylist=^kube_node_spec_taint$"],
			exporterArgs: ["--no-collector.timex", "--no-collector.mdadm"],
		})
	);
}

test.each([
	["node_filesystem_avail", "today it is node_filesystem_avail_bytes"],
	["kube_node_spec_taint", "kube-state-metrics runs with --metric-denylist="],
	["node_timex_offset_seconds", "Node Exporter runs with --no-collector.timex"],
	['up{job="node"}', 'no target has job="node"'],
	['node_load1{job=~"kubernetes-nodes.*"}', "no target has job=~"],
])("%s is never there", (text, why) => {
	expect(explain(text)).toContain(why);
});

test.each([
	["a job is here", 'up{job="minio"}'],
	["an application comes later", 'up{job="paperless"}'],
	["another machine's exporter comes later", 'up{job="node-exporter-nas"}'],
	["a job is left out", 'up{job!="node"}'],
	["a metric is an application's", 'requests_total{job="node"}'],
	["there is no such hardware", "node_md_disks"],
	["there is no such object", "kube_persistentvolume_status_phase"],
])("a selector may have no series because %s", (_, text) => {
	expect(explain(text)).toBeUndefined();
});
