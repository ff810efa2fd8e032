import { inBackground } from "../../common/background.ts";
import { SetUpError } from "../../common/errors.ts";
import { stopSignal } from "../../common/interruption.ts";
import type { Progress } from "../../common/progress.ts";

/**
 * Named steps. Each runs as soon as the steps that it needs are done, in parallel with all others, and is a timed phase of
 * the run.
 */
export class Steps {
	readonly #progress: Progress;
	/** The steps, with their names. */
	readonly #all = new Map<Promise<unknown>, string>();
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
		action: (
			results: {
				-readonly [K in keyof N]: Awaited<N[K]>;
			},
		) => Promise<T>,
	): Promise<T> {
		const steps = needs.flatMap((need) => this.#all.get(need) ?? []);
		const after = steps.length > 0 ? steps : this.#first;
		const step = inBackground(async () => {
			const results = await Promise.all(needs);
			if (this.#failed || stopSignal.aborted)
				throw new SetUpError(`${name}: not begun, because set-up has ended`);
			return this.#progress.phase(name, () => action(results), after);
		});
		step.catch(() => {
			this.#failed = true;
		});
		this.#all.set(step, name);
		return step;
	}

	/** Waits for every step. @throws the first failure, while others may still be at work */
	async done(): Promise<void> {
		await Promise.all(this.#all.keys());
	}

	/** Waits until no step is at work, whatever became of them. */
	async settled(): Promise<void> {
		await Promise.allSettled(this.#all.keys());
	}
}
