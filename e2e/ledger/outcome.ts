import { KubeError } from "../clients/api-server/kube-error.ts";
import { messageOf } from "../common/errors.ts";

export interface Acknowledged {
	readonly result: "acknowledged";
	/** When the answer came, in milliseconds. */
	readonly at: number;
}

/** A write without an acknowledgement: `refused` was certainly not stored, `unknown` may have been. */
export interface Failed {
	readonly result: "refused" | "unknown";
	readonly reason: string;
}

/** What became of a write. */
export type WriteOutcome = Acknowledged | Failed;

/**
 * Answers after which the sample is certainly not stored. Prometheus' own 400 comes before it appends, or with a
 * rollback of what it appended (`write` in storage/remote/write_handler.go); 404 is its answer while the receiver is off.
 * The API server answers the others, and its own 404, instead of passing the request on.
 *
 * A 5xx proves nothing. Prometheus answers 500 when its commit fails, which writes to the WAL first: a part, or all of it,
 * may be read again at the next start. The API server answers 502 to 504 when a pod dies in the middle of a request.
 */
const certainRefusals: readonly number[] = [400, 401, 403, 404, 429];

/** What a write that failed means for its sample. */
export function outcomeOf(error: unknown): Failed {
	const status = error instanceof KubeError ? error.status : undefined;
	const isRefused = status !== undefined && certainRefusals.includes(status);
	return {
		result: isRefused ? "refused" : "unknown",
		reason: messageOf(error),
	};
}
