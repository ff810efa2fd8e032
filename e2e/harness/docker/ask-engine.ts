import type { DialOptions } from "docker-modem";
import type Docker from "dockerode";

/** A question to an engine that dockerode cannot ask within a limit. */
export interface Question
	extends Pick<DialOptions, "abortSignal" | "authconfig"> {
	/** e.g. /info */
	readonly path: string;
}

/** Asks the engine. @throws an Error with its `statusCode` unless it answers with 200 */
export function askEngine(
	docker: Docker,
	question: Question,
): Promise<unknown> {
	return new Promise((resolve, reject) => {
		docker.modem.dial(
			{ ...question, method: "GET", statusCodes: { 200: true } },
			(error, result) => (error ? reject(error) : resolve(result)),
		);
	});
}
