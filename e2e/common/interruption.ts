import { exitCodes, HarnessError, messageOf, SetUpError } from "./errors.ts";
import { redact } from "./secrecy/redact.ts";

/** The person, or a supervisor, asked the command to end. */
export class InterruptedError extends HarnessError {
	override readonly name = "InterruptedError";
	override readonly exitCode = exitCodes.interrupted;
}

let interruption: Promise<never> | undefined;
const stopping = new AbortController();

/** Aborted when the process was asked to end: waits give up, and nothing new is begun. */
export const stopSignal = stopping.signal;

/**
 * Rejects when the process is asked to end, or when an error was caught nowhere; cleaning up is the business of
 * whoever awaits it.
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
	// Awaited only in races: it must not end the process by itself.
	interruption.catch(() => undefined);
	return interruption;
}
