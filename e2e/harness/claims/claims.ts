import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { memoize } from "es-toolkit";
import type { RequestCounts } from "../../clients/api-server/request-counts.ts";
import {
	inBackground,
	settleWithin,
	whenAborted,
} from "../../common/background.ts";
import { budgets } from "../../common/budgets.ts";
import { type DisruptedPart, disruptedParts } from "../../common/claim-tags.ts";
import { listLastPhases } from "../../common/critical-path.ts";
import type {
	Environment,
	EnvironmentSource,
} from "../../common/environment.ts";
import { stopSignal, tidyUpLimit } from "../../common/interruption.ts";
import { writeReportFile } from "../../common/output/report-file.ts";
import type { Progress } from "../../common/progress.ts";
import { cleanAll } from "../../common/secrecy/redact.ts";
import {
	type Claim,
	type ClaimSet,
	explainMissing,
	findMissing,
} from "./catalogue.ts";
import { ClaimReporter, isOfSetUp, phaseOf } from "./claim-reporter.ts";
import { ClaimRunner } from "./claim-runner.ts";
import { ClaimRunners } from "./claim-runners.ts";
import {
	disturbEachOther,
	findDisturbed,
	runWhenFree,
	whenReady,
} from "./free.ts";
import { renderClaimsJunit } from "./junit.ts";
import { type ClaimResult, holds, notAskedFor } from "./summary.ts";

export interface ClaimsOptions {
	/** `claims` by default. */
	readonly set?: ClaimSet | undefined;
	/** Whether the first test that fails is the last; for faults. */
	readonly bail?: boolean | undefined;
	/** Gets what each claim has asked for, by its id. */
	readonly requests?: Map<string, RequestCounts> | undefined;
}

/**
 * The claims of a set. Loading vitest and reading the claims begins at once, as it takes seconds and needs no environment.
 */
export class OpenedClaims implements AsyncDisposable {
	readonly #progress: Progress;
	readonly #reporter: ClaimReporter;
	readonly #runners: ClaimRunners<Environment>;
	readonly #claims: Promise<readonly Claim[]>;
	#results: Promise<ClaimResult[]> | undefined;
	readonly #testing = Promise.withResolvers<void>();
	#stopped = false;

	constructor(
		progress: Progress,
		{ set = "claims", bail = false, requests }: ClaimsOptions = {},
	) {
		this.#progress = progress;
		const reporter = new ClaimReporter(progress, requests);
		this.#reporter = reporter;
		this.#runners = new ClaimRunners(() =>
			ClaimRunner.create(set, reporter, bail),
		);
		this.#claims = inBackground(() =>
			progress.phase(`${set} read`, () => this.#runners.readClaims()),
		);
	}

	/**
	 * Begins to test claims while set-up is under way. Each begins when all is rolled out but what it ignores: those that
	 * change nothing in the stack side by side, and each disruptive one when `test` is called and those that it would disturb
	 * are done, but never beside another one that it would disturb. Faults run one after the other.
	 *
	 * @param only ids; if empty, all claims
	 * @returns the results; if claims were begun before, those of them
	 */
	begin(
		source: EnvironmentSource,
		only: readonly string[],
	): Promise<ClaimResult[]> {
		this.#results ??= inBackground(() => this.#test(share(source), only));
		return this.#results;
	}

	/** Ends claims that were begun before set-up failed: what they would find then counts for nothing. */
	async stop(): Promise<void> {
		this.#stopped = true;
		await this.#runners.stop();
	}

	/** Tests claims in an environment, or waits for those that were begun before. */
	async test(
		environment: Environment,
		only: readonly string[],
	): Promise<ClaimResult[]> {
		this.#testing.resolve();
		const results = await this.begin(async () => environment, only);
		await writeReportFile(
			join(environment.reportDir, "junit.xml"),
			renderClaimsJunit(cleanAll(results)),
		);
		return results;
	}

	async #test(
		source: EnvironmentSource,
		only: readonly string[],
	): Promise<ClaimResult[]> {
		const claims = await this.#claims;
		const first = await source(disruptedParts);
		const wanted = claims.filter(
			(claim) => !findSkip(claim, only, first).skipped,
		);
		await this.#run(wanted, source);
		for (const error of this.#reporter.stray)
			this.#progress.say(`outside any test: ${error}`);
		return claims.map((claim) =>
			conclude(claim, this.#reporter, findSkip(claim, only, first)),
		);
	}

	async #run(
		wanted: readonly Claim[],
		source: EnvironmentSource,
	): Promise<void> {
		const steady = wanted.filter(({ disrupts }) => disrupts.length === 0);
		await runWhenFree<Claim>(wanted, {
			readyFor: (claim) => whenReady(claim, source, this.#testing.promise),
			waitsFor: (claim) => findDisturbed(claim, steady),
			excludes: disturbEachOther,
			run: async (claim, others) => {
				const environment = await source(claim.ignores);
				this.#reporter.noteWait(claim.id, [
					...listLastPhases(this.#progress.phases.filter(isOfSetUp)),
					...others.map((each) => phaseOf(each.id)),
				]);
				// Nobody says that a claim has been tested if its worker has died.
				await Promise.race([
					this.#reporter.whenTested(claim.id),
					this.#runners.run(claim, environment),
				]);
			},
		});
		await this.#runners.done();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		// It may still be opening what is to be closed.
		await Promise.allSettled([this.#claims]);
		const closed = inBackground(() => this.#runners[Symbol.asyncDispose]());
		if (this.#stopped) return settleWithin(closed, budgets.notice, tidyUpLimit);
		// vitest waits a minute for a worker that does not end.
		await (stopSignal.aborted
			? Promise.race([closed, whenAborted(tidyUpLimit)])
			: closed);
	}
}

/**
 * Asks a source once for each choice of parts, and gives the same object for equal environments: claims that are free at the
 * same time run together in one.
 */
function share(source: EnvironmentSource): EnvironmentSource {
	const known: Environment[] = [];
	return memoize(
		async (ignored: readonly DisruptedPart[]) => {
			const made = await source(ignored);
			const same = known.find((each) => isDeepStrictEqual(each, made));
			if (!same) known.push(made);
			return same ?? made;
		},
		{ getCacheKey: (ignored) => ignored.join() },
	);
}

/** Opens the claims of a set, and tests them in an environment. @param only ids; if empty, all claims */
export async function testClaims(
	environment: Environment,
	only: readonly string[],
	progress: Progress,
	options: ClaimsOptions = {},
): Promise<ClaimResult[]> {
	await using claims = new OpenedClaims(progress, options);
	return await claims.test(environment, only);
}

/** Why a claim is not tested. */
interface Skip extends Pick<ClaimResult, "missing"> {
	readonly skipped: boolean;
	readonly message: string;
}

function findSkip(
	claim: Claim,
	only: readonly string[],
	environment: Environment,
): Skip {
	if (only.length > 0 && !only.includes(claim.id))
		return { skipped: true, message: notAskedFor, missing: [] };
	const missing = findMissing(claim, environment);
	return missing.length > 0
		? { skipped: true, message: explainMissing(missing), missing }
		: { skipped: false, message: "", missing: [] };
}

function conclude(
	{ id, title }: Claim,
	{ results, stray }: ClaimReporter,
	{ skipped, message, missing }: Skip,
): ClaimResult {
	const result = results.get(id);
	// An error outside any test may belong to any claim.
	if (result && holds(result.status) && stray.length > 0)
		return {
			...result,
			tests: [],
			status: "inconclusive",
			message: `an error outside any test: ${stray.join("; ")}`,
		};
	return (
		result ?? {
			id,
			title,
			seconds: 0,
			notes: [],
			tests: [],
			missing,
			status: skipped ? "skipped" : "inconclusive",
			message: skipped ? message : ["it did not run", ...stray].join(": "),
		}
	);
}
