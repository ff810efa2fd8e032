import { inBackground } from "../../common/background.ts";
import { SetUpError } from "../../common/errors.ts";
import { stopSignal } from "../../common/interruption.ts";
import type { Progress } from "../../common/progress.ts";

/** The results of steps, in their order. */
type Results<N extends readonly Promise<unknown>[]> = {
	-readonly [K in keyof N]: Awaited<N[K]>;
};

/** Runs a part of a step as a phase. @param after the phases that it waited for, if not all of what its step needs */
export type RunPart = <T>(
	name: string,
	run: () => Promise<T>,
	after?: readonly string[],
) => Promise<T>;

/**
 * Named steps. Each runs as soon as the steps that it needs are done, in parallel with all others, and is a timed phase of
 * the run.
 */
export class Steps {
	readonly #progress: Progress;
	/** The steps, with the names of their phases, which are complete when the step is done. */
	readonly #all = new Map<Promise<unknown>, readonly string[]>();
	readonly #first: readonly string[];
	#failed = false;

	/** @param first the phases that were waited for before any step */
	constructor(progress: Progress, first: readonly string[] = []) {
		this.#progress = progress;
		this.#first = first;
	}

	/**
	 * Adds a step.
	 *
	 * @param needs the steps that must be done before it begins
	 * @param action gets the results of those steps, in their order
	 */
	add<const N extends readonly Promise<unknown>[], T>(
		name: string,
		needs: N,
		action: (results: Results<N>) => Promise<T>,
	): Promise<T> {
		return this.addParts(name, needs, (results, part) =>
			part(name, () => action(results)),
		);
	}

	/** The same for a step that runs side by side what is known when it begins: each part is a phase, the step is none. */
	addParts<const N extends readonly Promise<unknown>[], T>(
		name: string,
		needs: N,
		action: (results: Results<N>, part: RunPart) => Promise<T>,
	): Promise<T> {
		const phases: string[] = [];
		const step = inBackground(async () => {
			const results = await Promise.all(needs);
			if (this.#failed || stopSignal.aborted)
				throw new SetUpError(`${name}: not begun, because set-up has ended`);
			const before = needs.flatMap((need) => this.#all.get(need) ?? []);
			const all = before.length > 0 ? before : this.#first;
			return action(results, (part, run, after = all) => {
				phases.push(part);
				return this.#progress.phase(part, run, after);
			});
		});
		step.catch(() => {
			this.#failed = true;
		});
		this.#all.set(step, phases);
		return step;
	}

	/** Waits for every step, but for some. @throws the first failure, while others may still be at work */
	async done(but: readonly Promise<unknown>[] = []): Promise<void> {
		await Promise.all(
			[...this.#all.keys()].filter((step) => !but.includes(step)),
		);
	}

	/** Waits until no step is at work, whatever became of them. */
	async settled(): Promise<void> {
		await Promise.allSettled(this.#all.keys());
	}
}
