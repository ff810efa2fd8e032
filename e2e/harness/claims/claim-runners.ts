import { setImmediate } from "node:timers/promises";
import type { Claim } from "./catalogue.ts";

/** What runs some claims together, one run at a time. */
interface Runner<E> extends AsyncDisposable {
	readClaims(): Promise<Claim[]>;
	run(claims: readonly Claim[], environment: E): Promise<void>;
	/** Aborts the tests of the run that is under way, and waits for their clean-ups. */
	abort(): Promise<void>;
	/** Ends the run that is under way. */
	stop(): Promise<void>;
}

/**
 * Runs claims whenever they are free, those that are free in one environment at the same time together. Each further run
 * at the same time has a runner of its own. A second vitest costs some 60 ms of processor time and 8 MiB, as the modules are
 * loaded by then.
 */
export class ClaimRunners<E> implements AsyncDisposable {
	readonly #open: () => Promise<Runner<E>>;
	readonly #all = new AsyncDisposableStack();
	readonly #opened: Runner<E>[] = [];
	readonly #idle: Runner<E>[] = [];
	readonly #runs: Promise<void>[] = [];
	#stopped = false;
	/** Those that will run next, and the end of their run. */
	#next:
		| {
				readonly environment: E;
				readonly claims: Claim[];
				readonly end: Promise<void>;
		  }
		| undefined;

	constructor(open: () => Promise<Runner<E>>) {
		this.#open = open;
	}

	/**
	 * Reads the set's claims, those that will be skipped, too, and opens what runs them: two runners if some claims are
	 * disruptive, as those run beside others.
	 */
	async readClaims(): Promise<Claim[]> {
		const first = await this.#take();
		const claims = await first.readClaims();
		if (claims.some(({ disrupts }) => disrupts.length > 0))
			this.#idle.push(await this.#take());
		this.#idle.push(first);
		return claims;
	}

	/** Runs a claim. Resolves when its run is over, which may have other claims in it that take longer. */
	run(claim: Claim, environment: E): Promise<void> {
		if (this.#next?.environment !== environment) {
			const claims: Claim[] = [];
			const end = this.#runTogether(claims, environment);
			this.#next = { environment, claims, end };
			this.#runs.push(end);
		}
		this.#next.claims.push(claim);
		return this.#next.end;
	}

	async #runTogether(claims: Claim[], environment: E): Promise<void> {
		// What the same end makes free runs together.
		await setImmediate();
		this.#demandGoingOn();
		const runner = await this.#take();
		if (this.#next?.claims === claims) this.#next = undefined;
		this.#demandGoingOn();
		await runner.run(claims, environment);
		this.#demandGoingOn();
		this.#idle.push(runner);
	}

	#demandGoingOn(): void {
		if (this.#stopped) throw new Error("claims were stopped");
	}

	async #take(): Promise<Runner<E>> {
		const idle = this.#idle.pop();
		if (idle) return idle;
		const opened = this.#all.use(await this.#open());
		this.#opened.push(opened);
		return opened;
	}

	/** Ends all runs at once, and begins none any more: they fail. */
	async stop(): Promise<void> {
		this.#stopped = true;
		await Promise.all(this.#opened.map((each) => each.stop()));
	}

	/** Waits until every run that was begun is over. @throws the first failure of one */
	async done(): Promise<void> {
		await Promise.all(this.#runs);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		// What waits for those that are aborted does not begin then.
		this.#stopped = true;
		// Closing waits until tests that are under way are over, and those of an interrupted run wait for what is gone.
		await Promise.allSettled(this.#opened.map((each) => each.abort()));
		await this.#all.disposeAsync();
	}
}
