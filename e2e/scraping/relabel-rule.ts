import { z } from "zod";
import {
	describeOrigins,
	type TracedRule,
} from "../common/relabelling/label-origins.ts";

const rule = z.looseObject({
	action: z.string().default("replace"),
	source_labels: z.array(z.string()).default([]),
	separator: z.string().default(";"),
	/** Prometheus leaves out the default, which matches everything. */
	regex: z.string().optional(),
	target_label: z.string().optional(),
	modulus: z.number().optional(),
});
export type RelabelRule = z.infer<typeof rule>;

/** How a pool relabels its targets and their series. */
export const relabelled = z.looseObject({
	relabel_configs: z.array(rule).default([]),
	metric_relabel_configs: z.array(rule).default([]),
});

/** Whether a rule leaves out targets or series. */
export function leavesOut({ action }: RelabelRule): boolean {
	return /^(keep|drop)/i.test(action);
}

export function describeRule({
	action,
	source_labels,
	regex,
}: RelabelRule): string {
	return `it has a rule "${action}" for ${source_labels.join(", ")}${regex === undefined ? "" : `, regex ${JSON.stringify(regex)}`}`;
}

/** A rule that compares what other rules have made says what that was made of. */
export function describeTracedRule(traced: TracedRule<RelabelRule>): string {
	return `${describeRule(traced.rule)}${describeOrigins(traced)}`;
}
