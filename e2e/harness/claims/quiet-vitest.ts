import { createVitest, type Vitest } from "vitest/node";

type Options = Parameters<typeof createVitest>[1];

const events = ["SIGINT", "SIGTERM", "exit", "unhandledRejection"] as const;

/**
 * Creates a vitest that leaves signals and uncaught errors to the harness. By default it ends the process at once, with
 * its own exit code, and nothing of the run is removed.
 */
export async function createQuietVitest(options: Options): Promise<Vitest> {
	const before = events.map((event) => new Set(process.rawListeners(event)));
	const vitest = await createVitest("test", options);
	events.forEach((event, i) => {
		for (const listener of process.rawListeners(event)) {
			if (!before[i]?.has(listener))
				process.removeListener(event, listener as () => void);
		}
	});
	return vitest;
}
