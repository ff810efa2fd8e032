import type { ScrapeConfig } from "../../clients/prometheus-schemas.ts";

/**
 * Why series of a pool may name another object than the one that they are about, as a clause; undefined if its targets'
 * own labels win. kube-state-metrics and the kubelet expose labels that Prometheus also gives to targets.
 */
export function whyNotHonored(
	pool: string,
	configs: readonly ScrapeConfig[],
): string | undefined {
	const config = configs.find(({ job_name }) => job_name === pool);
	return config && config.honor_labels !== true
		? `pool ${pool} has honor_labels: false, so that the labels namespace and pod are those of its target, and the object's own are called exported_namespace and exported_pod`
		: undefined;
}
