import { AsyncLocalStorage } from "node:async_hooks";
import { setFlagsFromString } from "node:v8";
import type { createVitest as CreateVitest, Vitest } from "vitest/node";

type Options = Parameters<typeof CreateVitest>[1];

const events = ["SIGINT", "SIGTERM", "exit", "unhandledRejection"] as const;

/**
 * MiB of each half of a worker's young generation, which grows to 14 MiB by default. Twelve workers that load their modules
 * at the same time fill all of them: 920 MiB became 740 MiB, at the same processor time.
 */
const semiSpace = 2;

/** Says that vitest is being created in this asynchronous context. */
const creating = new AsyncLocalStorage<true>();

/**
 * Creates a vitest that leaves signals and uncaught errors to the harness. By default it ends the process at once, with
 * its own exit code, and nothing of the run is removed. Set-up may be under way meanwhile: what it listens to stays.
 */
export async function createQuietVitest(options: Options): Promise<Vitest> {
	// Of what is started from now on: neither vitest nor a worker's own options can set it for threads.
	setFlagsFromString(`--max-semi-space-size=${semiSpace}`);
	// Loading it takes longer than most commands that test no claims.
	const { createVitest } = await import("vitest/node");
	process.on("newListener", removeOwn);
	try {
		return await creating.run(true, () => createVitest("test", options));
	} finally {
		process.off("newListener", removeOwn);
	}
}

/**
 * Ends the run of a vitest at once, if one is under way. vitest's `close` waits until its tests are over. Cancelling aborts
 * them, but waits for their clean-ups, and only a second time ends the workers.
 */
export async function endRun(vitest: Vitest): Promise<void> {
	await Promise.all([abortRun(vitest), abortRun(vitest)]);
}

/** Aborts the tests of a run, if one is under way, and waits for their clean-ups. */
export function abortRun(vitest: Vitest): Promise<void> {
	return vitest.cancelCurrentRun("keyboard-input");
}

/** Removes a listener that vitest adds, before the event loop can call it. */
function removeOwn(
	event: string | symbol,
	listener: (...args: unknown[]) => void,
): void {
	if (creating.getStore() && events.some((each) => each === event))
		queueMicrotask(() => process.removeListener(event, listener));
}
