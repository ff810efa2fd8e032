import type { Vitest } from "vitest/node";
import type { Environment } from "../../common/environment.ts";
import { projectRoot } from "../../common/paths.ts";
import { rememberedSecrets } from "../../common/secrecy/redact.ts";
import {
	type Claim,
	type ClaimSet,
	projectOf,
	readClaims,
} from "./catalogue.ts";
import type { ClaimReporter } from "./claim-reporter.ts";
import { abortRun, createQuietVitest, endRun } from "./quiet-vitest.ts";

/** A vitest for the claims of one set. It has one run at a time. */
export class ClaimRunner implements AsyncDisposable {
	readonly #vitest: Vitest;
	readonly #set: ClaimSet;

	private constructor(vitest: Vitest, set: ClaimSet) {
		this.#vitest = vitest;
		this.#set = set;
	}

	/** @param bail whether the first test that fails is the last */
	static async create(
		set: ClaimSet,
		reporter: ClaimReporter,
		bail: boolean,
	): Promise<ClaimRunner> {
		const vitest = await createQuietVitest({
			root: projectRoot,
			watch: false,
			run: true,
			bail: bail ? 1 : 0,
			reporters: [reporter],
		});
		return new ClaimRunner(vitest, set);
	}

	readClaims(): Promise<Claim[]> {
		return readClaims(this.#set, this.#vitest);
	}

	async run(claims: readonly Claim[], environment: Environment): Promise<void> {
		// This starts the reporters; no test runs yet.
		await this.#vitest.standalone();
		const project = projectOf(this.#vitest, this.#set);
		project.provide("environment", environment);
		project.provide("secrets", rememberedSecrets());
		await this.#vitest.runTestSpecifications(
			claims.map(({ file }) => project.createSpecification(file)),
			true,
		);
	}

	/** Aborts the tests of the run that is under way, and waits for their clean-ups. */
	abort(): Promise<void> {
		return abortRun(this.#vitest);
	}

	/** Ends the run that is under way at once, without the clean-ups of its tests. */
	stop(): Promise<void> {
		return endRun(this.#vitest);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#vitest.close();
		// vitest has set the exit code, but here the verdict decides it.
		process.exitCode = 0;
	}
}
