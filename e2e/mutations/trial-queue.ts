import { type Trial, wantsFreshCluster } from "./trial.ts";

/** What is still to be tried. Several clusters take from it. */
export class TrialQueue {
	readonly #trials: Trial[];

	constructor(trials: readonly Trial[]) {
		this.#trials = [...trials];
	}

	get length(): number {
		return this.#trials.length;
	}

	/** @param used whether something has been tried on the cluster */
	take(used: boolean): Trial | undefined {
		const next = this.#trials.findIndex(
			(trial) => !used || !wantsFreshCluster(trial),
		);
		return next < 0 ? undefined : this.#trials.splice(next, 1)[0];
	}

	add(trials: readonly Trial[]): void {
		this.#trials.push(...trials);
	}

	/** Drops what is left: nothing more can be tried. */
	close(): void {
		this.#trials.length = 0;
	}
}
