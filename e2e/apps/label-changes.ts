import type { ScrapeConfig } from "../clients/prometheus-schemas.ts";
import { GoRegex } from "../common/go-regex.ts";
import { type RelabelRule, relabelled } from "../scraping/relabel-rule.ts";

/** The rules of a pool's metric relabelling that change or remove one of some labels, in words. */
export function findLabelChanges(
	config: ScrapeConfig,
	labels: readonly string[],
): string[] {
	return relabelled
		.parse(config)
		.metric_relabel_configs.flatMap((rule) =>
			labels
				.filter((label) => changes(rule, label))
				.map(
					(label) =>
						`metric relabelling of ${config.job_name} ${describe(rule, label)}`,
				),
		);
}

function changes(
	{ action, regex = ".*", target_label }: RelabelRule,
	label: string,
): boolean {
	const matches = () => GoRegex.whole(regex).test(label);
	switch (action.toLowerCase()) {
		case "labeldrop":
			return matches();
		case "labelkeep":
			return !matches();
		case "keep":
		case "drop":
		case "keepequal":
		case "dropequal":
			return false;
		default:
			return target_label === label;
	}
}

function describe({ action, regex }: RelabelRule, label: string): string {
	const does = /^label(drop|keep)$/i.test(action) ? "removes" : "rewrites";
	return `${does} label ${label} (${action}${regex === undefined ? "" : ` of ${regex}`})`;
}
