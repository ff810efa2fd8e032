import type { Page, Response } from "playwright-core";
import { z } from "zod";

const answer = z.looseObject({
	results: z.record(
		z.string(),
		z.looseObject({
			error: z.string().optional(),
			frames: z
				.array(
					z.looseObject({
						data: z.looseObject({ values: z.array(z.array(z.unknown())) }),
					}),
				)
				.default([]),
		}),
	),
});

/** What became of the queries that a page of Grafana has sent. */
export interface PageQueries {
	/** With at least one sample in the answer. */
	readonly answered: number;
	readonly empty: number;
	/** What was said of those that failed. */
	readonly failed: readonly string[];
}

/** Listens to the queries that a page sends from now on. */
export function watchQueries(page: Page): () => Promise<PageQueries> {
	const seen: Promise<PageQueries>[] = [];
	page.on("response", (response) => {
		if (new URL(response.url()).pathname.endsWith("/api/ds/query"))
			seen.push(judge(response));
	});
	return async () => {
		const all = await Promise.all(seen);
		return {
			answered: all.reduce((sum, each) => sum + each.answered, 0),
			empty: all.reduce((sum, each) => sum + each.empty, 0),
			failed: all.flatMap(({ failed }) => failed),
		};
	};
}

async function judge(response: Response): Promise<PageQueries> {
	if (!response.ok()) {
		const said = `${response.status()}: ${await response.text()}`;
		return { answered: 0, empty: 0, failed: [said] };
	}
	const { results } = answer.parse(await response.json());
	const all = Object.values(results);
	const good = all.filter(({ error }) => error === undefined);
	const answered = good.filter(({ frames }) =>
		frames.some(({ data }) => data.values.some(({ length }) => length > 0)),
	);
	return {
		answered: answered.length,
		empty: good.length - answered.length,
		failed: all.flatMap(({ error }) => error ?? []),
	};
}
