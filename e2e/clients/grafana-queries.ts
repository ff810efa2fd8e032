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
	/** How many values there are that are not null, times not counted. */
	readonly samples: number;
	/** The latest time with such a value, in milliseconds; undefined if there are no times. */
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
					samples: each.reduce((sum, { samples }) => sum + samples, 0),
					newest: times.length > 0 ? Math.max(...times) : undefined,
					executed: frames[0]?.schema.meta?.executedQueryString,
				},
			];
		}),
	);
}

function readFrame({ schema, data }: z.infer<typeof frame>) {
	const isTime = (index: number) => schema.fields[index]?.type === "time";
	const times = data.values.find((_, index) => isTime(index));
	const columns = data.values.filter((_, index) => !isTime(index));
	let samples = 0;
	let newest: number | undefined;
	for (const column of columns)
		for (const [row, value] of column.entries()) {
			if (value === null) continue;
			samples += 1;
			const time = times?.[row];
			if (typeof time === "number") newest = Math.max(newest ?? time, time);
		}
	return { samples, newest };
}
