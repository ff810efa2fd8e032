import type { IncomingHttpHeaders } from "node:http";

/** Milliseconds: clocks differ a little, and no forge is asked without a pause. */
const shortest = 1000;

/**
 * How long a forge asks to wait before the request is sent again; undefined if it refused it for good.
 *
 * GitHub's rules (docs.github.com, "Rate limits for the REST API"): 403 or 429, with `retry-after` in seconds; else with
 * `x-ratelimit-remaining: 0` and the moment in `x-ratelimit-reset`, in seconds since 1970; else at least a minute. Any other
 * 403 is a missing permission.
 *
 * @param now in milliseconds since 1970
 * @returns milliseconds
 */
export function askedWait(
	status: number,
	headers: IncomingHttpHeaders,
	text: string,
	now: number,
): number | undefined {
	if (status !== 403 && status !== 429) return undefined;
	const seconds = Number(headers["retry-after"] ?? Number.NaN);
	if (seconds >= 0) return Math.max(shortest, seconds * 1000);
	const reset = Number(headers["x-ratelimit-reset"] ?? Number.NaN);
	if (headers["x-ratelimit-remaining"] === "0" && reset > 0)
		return Math.max(shortest, reset * 1000 - now);
	return status === 429 || /rate limit/i.test(text) ? 60_000 : undefined;
}
