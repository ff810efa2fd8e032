import { expect, test } from "vitest";
import { compareConfigs } from "./compare-configs.ts";

test("a label that is emptied and a separator of nothing are the same when they are loaded", () => {
	const job = (lines: string) => `scrape_configs:
- job_name: a
  metric_relabel_configs:
  - source_labels: [x, y]
    target_label: node${lines}
`;
	const written = job('\n    separator: ""\n    replacement: ""');
	expect(compareConfigs(written, job(""), "p-0")).toEqual([]);
	expect(compareConfigs(job(""), job(""), "p-0")).toEqual([
		"its job a differs from what was rendered",
	]);
});

const rendered = `global:
  scrape_interval: 60s
  external_labels:
    prometheus_replica: $(POD_NAME)
  evaluation_interval: 30s
rule_files: []
scrape_configs:
- job_name: podMonitor/n/m/0
  honor_labels: false
  kubernetes_sd_configs:
  - role: pod
    namespaces:
      names:
      - n
  relabel_configs:
  - source_labels:
    - job
    target_label: __tmp_prometheus_job_name
  - action: keep
    source_labels:
    - __tmp_hash
    regex: $(SHARD);|.+;.+
- job_name: podMonitor/n/m/1
  scrape_interval: 90s
`;

/** As Prometheus returns it. */
const loaded = `global:
  scrape_interval: 1m
  scrape_timeout: 10s
  external_labels:
    prometheus_replica: prometheus-0
runtime:
  gogc: 75
scrape_configs:
- job_name: podMonitor/n/m/0
  honor_timestamps: true
  scrape_interval: 1m
  metrics_path: /metrics
  relabel_configs:
  - source_labels: [job]
    separator: ;
    target_label: __tmp_prometheus_job_name
    replacement: $1
    action: replace
  - source_labels: [__tmp_hash]
    separator: ;
    regex: 0;|.+;.+
    replacement: $1
    action: keep
  kubernetes_sd_configs:
  - role: pod
    kubeconfig_file: ""
    namespaces:
      own_namespace: false
      names:
      - n
- job_name: podMonitor/n/m/1
  scrape_interval: 1m30s
`;

const compare = (changed: string) =>
	compareConfigs(rendered, changed, "prometheus-0");

test("what Prometheus adds makes no difference", () => {
	expect(compare(loaded)).toEqual([]);
});

test.each([
	[
		"an interval",
		loaded.replace("1m30s", "10s"),
		"its job podMonitor/n/m/1 differs from what was rendered",
	],
	[
		"a relabelling",
		loaded.replace("action: keep", "action: drop"),
		"its job podMonitor/n/m/0 differs from what was rendered",
	],
	[
		"a job's name",
		loaded.replace("podMonitor/n/m/1", "podMonitor/n/old/0"),
		"it still has job podMonitor/n/old/0|job podMonitor/n/m/1 is missing",
	],
	[
		"the global interval",
		loaded.replace("scrape_interval: 1m\n", "scrape_interval: 30s\n"),
		"its global part or its rule files differ from what was rendered",
	],
])("%s that differs is reported", (_, changed, reported) => {
	expect(compare(changed).join("|")).toBe(reported);
});
