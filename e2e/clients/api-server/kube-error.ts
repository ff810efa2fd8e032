import { cutAfter } from "../../common/secrecy/redact.ts";

/** A request to the API server, or through its proxy, failed. */
export class KubeError extends Error {
	override readonly name = "KubeError";
	/** The HTTP status; undefined if there was no answer. */
	readonly status: number | undefined;
	/** The answer's whole body. */
	readonly body: string;
	/** Where a redirect leads, as it was answered. */
	readonly location: string | undefined;
	/** Whether the API server itself did not answer, or gave up for lack of time; see `isSilence`. */
	readonly noAnswer: boolean;

	constructor(
		message: string,
		details: {
			status?: number;
			body?: string;
			location?: string | undefined;
			cause?: unknown;
			noAnswer?: boolean;
		} = {},
	) {
		super(message, { cause: details.cause });
		this.status = details.status;
		this.body = details.body ?? "";
		this.location = details.location;
		this.noAnswer = details.noAnswer ?? details.status === undefined;
	}
}

/** Whether a request failed because the object does not exist. */
export function isNotFound(error: unknown): boolean {
	return error instanceof KubeError && error.status === 404;
}

/** Whether the one who asked is to blame: what does not exist, or is not allowed, will not be there later either. */
export function isClientError(error: unknown): boolean {
	const { status = 0 } = error instanceof KubeError ? error : {};
	return status >= 400 && status < 500 && status !== 429;
}

/**
 * Whether the API server itself has given up a request that can be sent again. It has limits of its own, however slow the
 * machine is: 34 s for a change (requestTimeoutUpperBound in apiserver's handlers), 10 s for a quota, others for its
 * datastore and for how much it does at once. k3s' datastore also gives up when another request makes the same object at
 * that moment, such as a namespace.
 */
export function isGivenUp(
	{ status, body }: Pick<KubeError, "status" | "body">,
	method: string,
	path: string,
): boolean {
	if (method === "POST" || path.includes("/proxy/")) return false;
	return (
		status === 504 ||
		status === 429 ||
		(status === 500 &&
			/timed out|deadline exceeded|duplicate key given in txn request/.test(
				body,
			))
	);
}

/**
 * The reason in an error's body: that of a Kubernetes Status or of Prometheus' API, the failed ones of the API server's
 * checks, or else the first line.
 */
export function reasonIn(body: string): string {
	try {
		const parsed: unknown = JSON.parse(body);
		if (typeof parsed === "object" && parsed !== null) {
			if ("message" in parsed) return String(parsed.message);
			if ("error" in parsed) return String(parsed.error);
		}
	} catch {
		// It is not JSON: the text itself is the reason.
	}
	const lines = body.trim().split("\n");
	const failedChecks = lines.filter((line) => line.startsWith("[-]"));
	const reason = failedChecks.join(", ") || (lines[0] ?? "");
	return cutAfter(reason, 300, "") || "(no body)";
}
