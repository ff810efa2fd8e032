import { setImmediate } from "node:timers/promises";
import type { Claim } from "./catalogue.ts";
import type { ClaimRunner } from "./claim-runner.ts";

/** What runs some claims together, one run at a time. */
type Runner = Pick<ClaimRunner, "readClaims" | "run"> & AsyncDisposable;

/**
 * Runs claims whenever they are free, those that are free at the same time together. Each further run at the same time has
 * a runner of its own. A second vitest costs some 60 ms of processor time and 8 MiB, as the modules are loaded by then.
 */
export class ClaimRunners implements AsyncDisposable {
	readonly #open: () => Promise<Runner>;
	readonly #all = new AsyncDisposableStack();
	readonly #idle: Runner[] = [];
	readonly #runs: Promise<void>[] = [];
	/** Those that will run next, and the end of their run. */
	#next: { readonly claims: Claim[]; readonly end: Promise<void> } | undefined;

	constructor(open: () => Promise<Runner>) {
		this.#open = open;
	}

	/** Reads the set's claims, those that will be skipped, too. */
	async readClaims(): Promise<Claim[]> {
		const runner = await this.#take();
		const claims = await runner.readClaims();
		this.#idle.push(runner);
		return claims;
	}

	/** Runs a claim. Resolves when its run is over, which may have other claims in it that take longer. */
	run(claim: Claim): Promise<void> {
		if (!this.#next) {
			const claims: Claim[] = [];
			this.#next = { claims, end: this.#runTogether(claims) };
			this.#runs.push(this.#next.end);
		}
		this.#next.claims.push(claim);
		return this.#next.end;
	}

	async #runTogether(claims: Claim[]): Promise<void> {
		// What the same end makes free runs together.
		await setImmediate();
		const runner = await this.#take();
		this.#next = undefined;
		await runner.run(claims);
		this.#idle.push(runner);
	}

	async #take(): Promise<Runner> {
		return this.#idle.pop() ?? this.#all.use(await this.#open());
	}

	/** Waits until every run that was begun is over. @throws the first failure of one */
	async done(): Promise<void> {
		await Promise.all(this.#runs);
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.#all.disposeAsync();
	}
}
