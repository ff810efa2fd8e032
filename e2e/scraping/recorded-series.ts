import pLimit from "p-limit";
import type { PrometheusClient, Rule } from "../clients/prometheus.ts";
import { makeSelector } from "../clients/promql.ts";

/** Recording rules whose series are still to be seen, and how many were. */
export interface RecordedSeries {
	readonly missing: readonly Rule[];
	readonly recorded: number;
}

const atOnce = 4;

/** Looks for recorded series; a rule whose expression yields nothing now has nothing to record. */
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
		// In this order: what begins to yield between the two questions is not held against it.
		const yields = !recorded && (await isThere(prometheus, rule.query));
		return { rule, recorded, missing: yields };
	});
	return {
		missing: checked.filter(({ missing }) => missing).map(({ rule }) => rule),
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

async function isThere(
	prometheus: PrometheusClient,
	expression: string,
): Promise<boolean> {
	const [series] = await prometheus.query(`count(${expression})`);
	return series !== undefined;
}
