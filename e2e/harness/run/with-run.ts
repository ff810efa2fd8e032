import { settleWithin } from "../../common/background.ts";
import { budgets } from "../../common/budgets.ts";
import { messageOf } from "../../common/errors.ts";
import { onInterrupt, stopSignal } from "../../common/interruption.ts";
import { printError } from "../../common/output/terminal.ts";
import type { Progress } from "../../common/progress.ts";
import { connectEngine, type Engine } from "../docker/engine.ts";
import { beginRun, type Run } from "./run.ts";
import { removalLimit, removeRun, sweep } from "./sweep.ts";

/** The phase that all others of a run come after. */
export const firstPhase = "Docker engine";

/** A run under way. */
export interface RunContext {
	readonly engine: Engine;
	readonly run: Run;
	/** Prevents that the run's Docker resources are removed when it ends. */
	keep(): void;
}

/** Runs `action` as a run. However it ends, everything with the run's label is removed afterwards. */
export async function withRun<T>(
	progress: Progress,
	action: (context: RunContext) => Promise<T>,
): Promise<T> {
	const interrupted = onInterrupt();
	const engine = await Promise.race([prepareEngine(progress), interrupted]);
	const run = await beginRun();
	progress.say(`run ${run.id}`);
	let kept = false;
	const work = action({
		engine,
		run,
		keep: () => {
			kept = true;
		},
	});
	try {
		return await Promise.race([work, interrupted]);
	} finally {
		if (!kept) {
			await progress
				.phase("removal", () => removeAll(engine, run, work))
				.catch((error: unknown) => {
					// The run's own outcome counts.
					printError(
						`not everything was removed (${messageOf(error)}): npm run down removes it later`,
					);
				});
		}
		await run.end();
		progress.stop();
	}
}

/** Connects to a Docker engine and removes what dead runs have left in it. */
async function prepareEngine(progress: Progress): Promise<Engine> {
	const engine = await progress.phase(firstPhase, () =>
		connectEngine((line) => progress.say(line)),
	);
	const swept = await sweep(engine.docker, { keptToo: false });
	if (swept.removed.length > 0)
		progress.say(`removed what dead runs left: ${swept.removed.join(", ")}`);
	for (const problem of swept.problems) progress.say(`warning: ${problem}`);
	return engine;
}

/** Milliseconds, as tidying up after a stop takes no longer on a slow machine. */
const longestNotice = 20_000;

async function removeAll(
	{ docker }: Engine,
	run: Run,
	work: Promise<unknown>,
): Promise<void> {
	const overdue = removalLimit();
	await removeRun(docker, run.id, overdue);
	// An interrupted set-up may still be creating resources. It leaves time to remove them.
	const most = stopSignal.aborted ? longestNotice : Number.POSITIVE_INFINITY;
	await settleWithin(work, Math.min(budgets.notice, most), overdue);
	await removeRun(docker, run.id, overdue);
}
