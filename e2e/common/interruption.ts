import { exitCodes, HarnessError, messageOf, SetUpError } from "./errors.ts";
import { redact } from "./secrecy/redact.ts";

/** A person or a supervisor stopped the command. */
export class InterruptedError extends HarnessError {
	override readonly name = "InterruptedError";
	override readonly exitCode = exitCodes.interrupted;
}

let interruption: Promise<never> | undefined;
const stopping = new AbortController();

/** Aborted when the process is asked to stop: waits give up, and nothing new is started. */
export const stopSignal = stopping.signal;

/**
 * Rejects when the process is asked to stop, or when an error is not caught anywhere. The caller that awaits it cleans
 * up.
 */
export function onInterrupt(): Promise<never> {
	interruption ??= new Promise((_, reject) => {
		const stop = (line: string, error: Error) => {
			if (stopSignal.aborted) return;
			console.error(redact(`\n${line}: removing what this run made`));
			stopping.abort();
			reject(error);
		};
		for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
			process.on(signal, () =>
				stop(signal, new InterruptedError(`interrupted by ${signal}`)),
			);
		}
		for (const event of ["uncaughtException", "unhandledRejection"] as const) {
			process.on(event, (cause: unknown) => {
				const message = `unexpected error: ${messageOf(cause)}`;
				stop(message, new SetUpError(message, { cause }));
			});
		}
	});
	// It is only awaited in races, and must not end the process as an unhandled rejection.
	interruption.catch(() => undefined);
	return interruption;
}
