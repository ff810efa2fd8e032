import { patience } from "../patience.ts";

/** Milliseconds by which the clocks may differ before the times of a result are not trusted. */
const tolerance = 30_000;
const tickEvery = 1_000;

/** The two clocks, in milliseconds. */
export interface Clocks {
	/** Can be set by a person or by NTP; goes on while the machine sleeps. */
	wall(): number;
	/** Cannot be set. */
	monotonic(): number;
}

const systemClocks: Clocks = {
	wall: () => Date.now(),
	monotonic: () => performance.now(),
};

/** Notices if the machine slept, this process was stopped, or the clock was set since the start. */
export class ClockWatch {
	readonly #clocks: Clocks;
	readonly #wallAtStart: number;
	readonly #monotonicAtStart: number;
	readonly #ticker: NodeJS.Timeout;
	#lastTick: number;
	#longestPause = 0;

	constructor(clocks: Clocks = systemClocks) {
		this.#clocks = clocks;
		this.#wallAtStart = clocks.wall();
		this.#monotonicAtStart = clocks.monotonic();
		this.#lastTick = this.#monotonicAtStart;
		this.#ticker = setInterval(() => this.tick(), tickEvery).unref();
	}

	/** Notes that this process is running. */
	tick(): void {
		const now = this.#clocks.monotonic();
		this.#longestPause = Math.max(this.#longestPause, now - this.#lastTick);
		this.#lastTick = now;
	}

	/** Why times that were measured since the start cannot be trusted; undefined if they can. */
	findFlaw(): string | undefined {
		this.tick();
		const passed = this.#clocks.monotonic() - this.#monotonicAtStart;
		const jump = this.#clocks.wall() - this.#wallAtStart - passed;
		if (Math.abs(jump) > tolerance)
			return `the machine slept, or its clock was set: the clock moved ${inSeconds(passed + jump)} while ${inSeconds(passed)} passed`;
		// A slow machine may leave a busy process without a turn for longer.
		return this.#longestPause > tolerance * patience()
			? `this process did not run for ${inSeconds(this.#longestPause)}: the machine slept, or the process was stopped`
			: undefined;
	}

	/** Ends the watch. */
	[Symbol.dispose](): void {
		clearInterval(this.#ticker);
	}
}

function inSeconds(milliseconds: number): string {
	return `${(milliseconds / 1000).toFixed(0)} s`;
}
