import { z } from "zod";

const frame = z.looseObject({
	schema: z
		.looseObject({
			meta: z
				.looseObject({
					/** `Expr: up\nStep: 1m0s`, as the datasource got it. */
					executedQueryString: z.string().optional(),
				})
				.optional(),
			fields: z
				.array(z.looseObject({ type: z.string().default("") }))
				.default([]),
		})
		.prefault({}),
	data: z.looseObject({ values: z.array(z.array(z.unknown())) }),
});
const results = z.record(
	z.string(),
	z.looseObject({
		error: z.string().optional(),
		frames: z
			.array(frame)
			.nullish()
			.transform((all) => all ?? []),
	}),
);
const answer = z.looseObject({ results });

/** What Grafana answers to one query. */
export interface QueryResult {
	/** Grafana's own words. */
	readonly error: string | undefined;
	/** How many samples, or lines, there are. */
	readonly rows: number;
	/** The latest time of one, in milliseconds; undefined if there are no times. */
	readonly newest: number | undefined;
	/** What was sent to the datasource, after Grafana has filled in its own variables. */
	readonly executed: string | undefined;
}

/** The results by the queries' refIds. @returns undefined for anything that is no answer to queries */
export function readQueryAnswer(
	json: unknown,
): ReadonlyMap<string, QueryResult> | undefined {
	const read = answer.safeParse(json);
	if (!read.success) return undefined;
	return new Map(
		Object.entries(read.data.results).map(([refId, { error, frames }]) => {
			const each = frames.map(readFrame);
			const times = each.flatMap(({ newest }) => newest ?? []);
			return [
				refId,
				{
					error,
					rows: each.reduce((sum, { rows }) => sum + rows, 0),
					newest: times.length > 0 ? Math.max(...times) : undefined,
					executed: frames[0]?.schema.meta?.executedQueryString,
				},
			];
		}),
	);
}

/** NaN is written as null, so a row counts whatever is in it. */
function readFrame({ schema, data }: z.infer<typeof frame>) {
	const isTime = (index: number) => schema.fields[index]?.type === "time";
	const times = data.values.find((_, index) => isTime(index)) ?? [];
	const columns = data.values.filter((_, index) => !isTime(index));
	const numbers = times.filter((time) => typeof time === "number");
	return {
		rows: Math.max(0, ...columns.map(({ length }) => length)),
		newest: numbers.length > 0 ? Math.max(...numbers) : undefined,
	};
}
