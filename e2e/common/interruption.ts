import { exitCodes, HarnessError, messageOf, SetUpError } from "./errors.ts";
import { printError } from "./output/terminal.ts";

/** A person or a supervisor stopped the command. */
export class InterruptedError extends HarnessError {
	override readonly name = "InterruptedError";
	override readonly exitCode = exitCodes.interrupted;
}

/**
 * Milliseconds. A supervisor sends a signal to every process of a group, and npm and bootstrap.mjs pass on theirs: what comes
 * so soon after the first is the same signal.
 */
const sameSignal = 1000;
/**
 * Milliseconds that tidying up may take after a stop, and what is left for a report then. `--patience` does not multiply
 * them: a person waits at the terminal, and `npm run down` removes what is left.
 */
const longestEnd = { tidyUp: 60_000, report: 10_000 } as const;

let interruption: Promise<never> | undefined;
const stopping = new AbortController();
const overdue = new AbortController();

/** Aborted when the process is asked to stop: waits give up, and nothing new is started. */
export const stopSignal = stopping.signal;

/** Aborted when tidying up has taken too long since the process was asked to stop: whatever is left is given up. */
export const tidyUpLimit = overdue.signal;

/**
 * Until a run is under way there is nothing to remove: the process ends at once if its output is closed, or if an error is
 * not caught anywhere, with a code that does not blame the stack.
 */
export function endOnTrouble(): void {
	for (const stream of [process.stdout, process.stderr])
		stream.on("error", () => {
			if (!interruption) process.exit(exitCodes.interrupted);
		});
	for (const event of uncaught)
		process.on(event, (error: unknown) => {
			if (interruption) return;
			printError(`unexpected error: ${messageOf(error)}`);
			process.exit(exitCodes.setUpFailed);
		});
}

const uncaught = ["uncaughtException", "unhandledRejection"] as const;

/**
 * Rejects when the process is asked to stop, or when an error is not caught anywhere. The caller that awaits it cleans
 * up. A second signal ends the process at once.
 */
export function onInterrupt(): Promise<never> {
	interruption ??= new Promise((_, reject) => {
		let asked = Number.POSITIVE_INFINITY;
		let isPressed = false;
		const stop = (line: string, error: Error) => {
			if (stopSignal.aborted) return;
			asked = performance.now();
			printError(`\n${line}: removing what this run made`);
			stopping.abort();
			limitEnd(
				error instanceof HarnessError ? error.exitCode : exitCodes.setUpFailed,
			);
			reject(error);
		};
		for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
			process.on(signal, () => {
				// In a terminal, bootstrap.mjs passes SIGINT on as SIGTERM, so a second SIGINT is a person's second Ctrl-C.
				const isCtrlC = signal === "SIGINT" && process.stdin.isTTY;
				const isAgain = isCtrlC && isPressed;
				isPressed ||= isCtrlC;
				if (isAgain || performance.now() - asked > sameSignal) {
					printError("ended at once: npm run down removes what is left");
					process.exit(exitCodes.interrupted);
				}
				stop(signal, new InterruptedError(`interrupted by ${signal}`));
			});
		}
		// As with `| head`, or when the terminal is gone. Without a listener, each further line would be an uncaught error.
		for (const stream of [process.stdout, process.stderr])
			stream.on("error", () =>
				stop("output closed", new InterruptedError("its output was closed")),
			);
		for (const event of uncaught) {
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

/** Nothing that hangs, such as a worker or a file system, may hold a process that was asked to stop. */
function limitEnd(code: number): void {
	const { tidyUp, report } = longestEnd;
	setTimeout(() => overdue.abort(), tidyUp).unref();
	setTimeout(() => {
		printError(
			`ended, because tidying up took longer than ${(tidyUp + report) / 1000} s: npm run down removes what is left`,
		);
		process.exit(code);
	}, tidyUp + report).unref();
}
