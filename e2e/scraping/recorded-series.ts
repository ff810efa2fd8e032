import pLimit from "p-limit";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type { Rule } from "../clients/prometheus-schemas.ts";
import { type NotYet, notYet } from "../common/eventually.ts";
import { makeSelector } from "../common/promql.ts";

/** Recording rules whose series are missing, those with nothing to record, and the number of the others. */
export interface RecordedSeries {
	readonly missing: readonly Rule[];
	readonly idle: readonly Rule[];
	readonly recorded: number;
}

const atOnce = 4;

/**
 * Looks for recorded series. A rule has nothing to record if its expression yields nothing at the time of the last
 * evaluation. If the expression yields something by now, the next evaluation will record it, which may be minutes away.
 */
export async function checkRecordedSeries(
	prometheus: PrometheusClient,
	rules: readonly Rule[],
): Promise<RecordedSeries> {
	const recording = rules.filter(
		// A failing rule is reported by its health; its expression would fail here, too.
		({ type, health }) => type === "recording" && health !== "err",
	);
	const checked = await pLimit(atOnce).map(recording, async (rule) => {
		const recorded = await exists(
			prometheus,
			makeSelector(rule.name, rule.labels),
		);
		const missing =
			!recorded &&
			(await exists(prometheus, rule.query, rule.lastEvaluation.getTime()));
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

/** Which series are missing; undefined if none is, and there are some. */
export function whyNotRecorded({
	missing,
	recorded,
}: RecordedSeries): NotYet | undefined {
	if (missing.length > 0) {
		const named = missing.map(({ name, query }) => `${name} of ${query}`);
		return notYet(
			`the expression yields series, the recording rule none: ${named.join("; ")}`,
		);
	}
	return recorded > 0
		? undefined
		: notYet("no recording rule has recorded anything");
}

/** The rules that have nothing to record, as a sentence: they pass, and should be seen. Undefined if there are none. */
export function describeIdle({ idle }: RecordedSeries): string | undefined {
	const names = [...new Set(idle.map(({ name }) => name))];
	return names.length === 0
		? undefined
		: `nothing to record for ${names.length} recording rules: ${names.join(", ")}`;
}

async function exists(
	prometheus: PrometheusClient,
	expression: string,
	time?: number,
): Promise<boolean> {
	const [series] = await prometheus.query(`count(${expression})`, time);
	return series !== undefined;
}
