import pLimit from "p-limit";
import type { PrometheusClient, Rule } from "../clients/prometheus.ts";
import { makeSelector } from "../common/promql.ts";

/** Recording rules whose series are still to be seen, those that have nothing to record, and how many have. */
export interface RecordedSeries {
	readonly missing: readonly Rule[];
	readonly idle: readonly Rule[];
	readonly recorded: number;
}

const atOnce = 4;

/**
 * Looks for recorded series. A rule whose expression yields nothing at the time of its last evaluation had nothing
 * to record then; that it yields something by now is the next evaluation's business, minutes away in some groups.
 */
export async function checkRecordedSeries(
	prometheus: PrometheusClient,
	rules: readonly Rule[],
): Promise<RecordedSeries> {
	const recording = rules.filter(
		// A rule that fails is named by its health; asking for its expression would fail as well.
		({ type, health }) => type === "recording" && health !== "err",
	);
	const checked = await pLimit(atOnce).map(recording, async (rule) => {
		const recorded = await isThere(
			prometheus,
			makeSelector(rule.name, rule.labels),
		);
		const missing =
			!recorded &&
			(await isThere(prometheus, rule.query, rule.lastEvaluation.getTime()));
		return { rule, recorded, missing };
	});
	return {
		missing: checked.filter(({ missing }) => missing).map(({ rule }) => rule),
		idle: checked
			.filter(({ recorded, missing }) => !recorded && !missing)
			.map(({ rule }) => rule),
		recorded: checked.filter(({ recorded }) => recorded).length,
	};
}

/** `true` where all is recorded, else what is not. */
export function describeRecorded({
	missing,
	recorded,
}: RecordedSeries): true | string {
	if (missing.length > 0) {
		const named = missing.map(({ name, query }) => `${name} of ${query}`);
		return `the expression yields series, the recording rule none: ${named.join("; ")}`;
	}
	return recorded > 0 || "no recording rule has recorded anything";
}

/** A sentence that names the rules with nothing to record, which pass and may do so unnoticed; none where all record. */
export function describeIdle({ idle }: RecordedSeries): string | undefined {
	const names = [...new Set(idle.map(({ name }) => name))];
	return names.length === 0
		? undefined
		: `nothing to record for ${names.length} recording rules: ${names.join(", ")}`;
}

async function isThere(
	prometheus: PrometheusClient,
	expression: string,
	time?: number,
): Promise<boolean> {
	const [series] = await prometheus.query(`count(${expression})`, time);
	return series !== undefined;
}
