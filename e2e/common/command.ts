import { setFlagsFromString } from "node:v8";
import {
	BadInputError,
	exitCodes,
	HarnessError,
	messageOf,
	SetUpError,
} from "./errors.ts";
import { redact } from "./secrecy/redact.ts";

/** The person, or a supervisor, asked the command to end. */
export class InterruptedError extends HarnessError {
	override readonly name = "InterruptedError";
	override readonly exitCode = exitCodes.interrupted;
}

// At its end the process waits for V8's threads, and one that compiles may wait for a garbage collection that comes no
// more (nodejs/node#54918): seen twice of Sparkplug, for ever, and told of Maglev as well.
setFlagsFromString("--no-concurrent-sparkplug");
setFlagsFromString("--no-maglev");

let interruption: Promise<never> | undefined;
const stopping = new AbortController();

/** Aborted when the process was asked to end: waits give up, and nothing new is begun. */
export const stopSignal = stopping.signal;

/**
 * Rejects when the process is asked to end, or when an error escaped everybody; tidying up is the business of
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
				const message = `an error that nobody expected: ${messageOf(cause)}`;
				stop(message, new SetUpError(message, { cause }));
			});
		}
	});
	// Awaited only in races: it must not end the process by itself.
	interruption.catch(() => undefined);
	return interruption;
}

/** Runs a command to its exit code. What goes wrong is told in one sentence. */
export async function runCommand(
	action: () => Promise<number>,
): Promise<never> {
	let code: number;
	try {
		code = await action();
	} catch (error) {
		code =
			error instanceof HarnessError ? error.exitCode : exitCodes.setUpFailed;
		if (!(error instanceof InterruptedError)) {
			const lead = error instanceof BadInputError ? "" : "set-up failed: ";
			console.error(redact(`\n${lead}${messageOf(error)}`));
		}
		if (process.env.O11Y_E2E_DEBUG) console.error(error);
	}
	process.exit(code);
}
