import type { Page, Request } from "playwright-core";
import { readQueryAnswer } from "../clients/grafana/queries.ts";
import { messageOf } from "../common/errors.ts";

/** The results of queries that a page of Grafana has sent. */
export interface QueryOutcomes {
	/** Queries with at least one sample in the answer. */
	readonly answered: number;
	/** Those without one. */
	readonly empty: number;
	/** The errors of those that failed. */
	readonly failed: readonly string[];
}

/** Reads one answer of Grafana, which may be for several queries. */
export function readAnswer(json: unknown): QueryOutcomes {
	const results = readQueryAnswer(json);
	if (!results) return failed("the answer has no results of queries");
	const all = [...results.values()];
	const good = all.filter(({ error }) => error === undefined);
	const answered = good.filter(({ rows }) => rows > 0);
	return {
		answered: answered.length,
		empty: good.length - answered.length,
		failed: all.flatMap(({ error }) => error ?? []),
	};
}

/** Chromium's error for queries that Grafana has cancelled. */
const cancelled = "net::ERR_ABORTED";

/** Records the queries that a page sends from now on. */
export class PageQueries {
	readonly #outcomes: QueryOutcomes[] = [];
	readonly #pending = new Set<Request>();
	#sent = 0;

	constructor(page: Page) {
		page.on("request", (request) => {
			if (!isQuery(request)) return;
			this.#sent += 1;
			this.#pending.add(request);
		});
		page.on("requestfailed", (request) => {
			if (!this.#pending.delete(request)) return;
			const why = request.failure()?.errorText ?? "it failed";
			if (why !== cancelled) this.#outcomes.push(failed(why));
		});
		page.on("requestfinished", async (request) => {
			if (!this.#pending.has(request)) return;
			this.#outcomes.push(await readOutcome(request));
			this.#pending.delete(request);
		});
	}

	/** Requests so far, including those that Grafana has cancelled. */
	get sent(): number {
		return this.#sent;
	}

	/** Requests without an answer yet. */
	get pending(): number {
		return this.#pending.size;
	}

	/** The sum of all results so far. */
	get outcomes(): QueryOutcomes {
		const all = this.#outcomes;
		return {
			answered: all.reduce((sum, each) => sum + each.answered, 0),
			empty: all.reduce((sum, each) => sum + each.empty, 0),
			failed: all.flatMap(({ failed }) => failed),
		};
	}
}

function isQuery(request: Request): boolean {
	return new URL(request.url()).pathname.endsWith("/api/ds/query");
}

function failed(error: string): QueryOutcomes {
	return { answered: 0, empty: 0, failed: [error] };
}

async function readOutcome(request: Request): Promise<QueryOutcomes> {
	try {
		const response = await request.response();
		if (!response) return failed("no answer");
		return response.ok()
			? readAnswer(await response.json())
			: failed(`${response.status()}: ${await response.text()}`);
	} catch (error) {
		return failed(messageOf(error));
	}
}
