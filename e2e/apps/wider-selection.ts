import { z } from "zod";
import type { ScrapeConfig } from "../clients/prometheus-schemas.ts";
import { parseAs } from "../common/parsing/parse-as.ts";
import { relabelSteps, relabelWith } from "../common/relabelling/relabel.ts";

/** "It scrapes ports named metrics or http-metrics." */
const promisedPorts = ["metrics", "http-metrics"];
const otherPorts = ["http", "web", "admin", "app-metrics", "http-metrics2"];
/** "With the o11y.ruiz.sh/metrics: "true" label"; `false` is what a planted pod has. */
const otherValues = ["yes", "1", "enabled", "on"];

const inSteps = z.looseObject({ relabel_configs: relabelSteps });

/**
 * A sentence for each pool that also takes pods by a port's name, or by a value of the label, of which the homelab says
 * nothing. The planted pods have one other name and one other value, which a list or a pattern need not have.
 */
export function findWider(
	pools: readonly string[],
	configs: readonly ScrapeConfig[],
): string[] {
	return configs
		.filter(({ job_name }) => pools.includes(job_name))
		.flatMap((config) => {
			const { job_name, kubernetes_sd_configs: discoveries = [] } = config;
			const { relabel_configs: steps } = parseAs(
				inSteps,
				config,
				`scrape pool ${job_name}`,
			);
			const takes = (port: string, value: string) =>
				relabelWith(steps, discover(port, value)) !== undefined;
			const ports = otherPorts.filter((port) => takes(port, "true"));
			// Where Kubernetes selects the pods, relabelling says nothing of their labels.
			const isSelected = discoveries.some(
				({ selectors = [] }) => selectors.length > 0,
			);
			const values = isSelected
				? []
				: otherValues.filter((value) =>
						promisedPorts.some((port) => takes(port, value)),
					);
			return [
				...(ports.length > 0
					? [
							`pool ${job_name} also takes a port named ${ports.join(" or ")}: "It scrapes ports named metrics or http-metrics"`,
						]
					: []),
				...(values.length > 0
					? [
							`pool ${job_name} also takes pods with the label o11y.ruiz.sh/metrics: "${values.join('" or "')}": only "true" opts in`,
						]
					: []),
			];
		});
}

/** What Prometheus discovers of a running pod of an application. */
function discover(port: string, value: string): Record<string, string> {
	const pod = "__meta_kubernetes_pod";
	return {
		__address__: "10.42.0.9:8080",
		__metrics_path__: "/metrics",
		__scheme__: "http",
		__meta_kubernetes_namespace: "media",
		[`${pod}_name`]: "app-0",
		[`${pod}_ip`]: "10.42.0.9",
		[`${pod}_phase`]: "Running",
		[`${pod}_ready`]: "true",
		[`${pod}_node_name`]: "node",
		[`${pod}_container_name`]: "app",
		[`${pod}_container_init`]: "false",
		[`${pod}_container_port_name`]: port,
		[`${pod}_container_port_number`]: "8080",
		[`${pod}_container_port_protocol`]: "TCP",
		[`${pod}_label_o11y_ruiz_sh_metrics`]: value,
		[`${pod}_labelpresent_o11y_ruiz_sh_metrics`]: "true",
	};
}
