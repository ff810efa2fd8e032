/** How many requests were sent, by whom they reached and what they asked for, e.g. `prometheus-operated/api/v1/query`. */
export type RequestCounts = Readonly<Record<string, number>>;

const proxied =
	/^\/api\/v1\/namespaces\/[^/]+\/(?:services|pods)\/(?:https?:)?([^:/]+)[^/]*\/proxy(\/.*)?$/;

/** How many segments of a path tell what is asked for: those after them are names and ids. */
const told = 3;

const counts = new Map<string, number>();

/** Counts a request. @param path as the API server gets it */
export function countRequest(path: string): void {
	const name = nameRequest(path);
	counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** The requests of this process or worker so far. */
export function requestsSoFar(): RequestCounts {
	return Object.fromEntries(counts);
}

/**
 * The name that a request is counted by: whom it reaches, and the beginning of the path there, without a prefix that all
 * paths have. The API server itself is `kubernetes`, whatever it is asked for.
 */
export function nameRequest(path: string): string {
	const [, name, below = "/"] = proxied.exec(path) ?? [];
	if (name === undefined) return "kubernetes";
	const segments = below.split("/").filter(Boolean);
	const api = segments.indexOf("api");
	const own = api < 0 ? segments.slice(-1) : segments.slice(api, api + told);
	return [name, ...own].join("/");
}

/** The most of each, of counts that were read one after the other while they grew. */
export function latestOf(readings: readonly RequestCounts[]): RequestCounts {
	const latest: Record<string, number> = {};
	for (const reading of readings)
		for (const [name, count] of Object.entries(reading))
			latest[name] = Math.max(latest[name] ?? 0, count);
	return latest;
}
