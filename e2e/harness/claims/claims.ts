import { join } from "node:path";
import type { RequestCounts } from "../../clients/api-server/request-counts.ts";
import { inBackground } from "../../common/background.ts";
import { listLastPhases } from "../../common/critical-path.ts";
import type { Environment } from "../../common/environment.ts";
import { writeReportFile } from "../../common/output/report-file.ts";
import type { Progress } from "../../common/progress.ts";
import { cleanAll } from "../../common/secrecy/redact.ts";
import {
	type Claim,
	type ClaimSet,
	explainMissing,
	findMissing,
} from "./catalogue.ts";
import { ClaimReporter, phaseOf } from "./claim-reporter.ts";
import { ClaimRunner } from "./claim-runner.ts";
import { ClaimRunners } from "./claim-runners.ts";
import { disturbEachOther, findDisturbed, runWhenFree } from "./free.ts";
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
	 * Tests the claims in an environment: those that change nothing in the stack side by side, and each disruptive one as
	 * soon as those that it would disturb are done, but never beside another one that it would disturb. Faults run one after
	 * the other.
	 *
	 * @param only ids; if empty, all claims
	 */
	async test(
		environment: Environment,
		only: readonly string[],
	): Promise<ClaimResult[]> {
		const claims = await this.#claims;
		const wanted = claims.filter(
			(claim) => !findSkip(claim, only, environment).skipped,
		);
		await this.#run(wanted, environment);
		for (const error of this.#reporter.stray)
			this.#progress.say(`outside any test: ${error}`);
		const results = claims.map((claim) =>
			conclude(claim, this.#reporter, findSkip(claim, only, environment)),
		);
		await writeReportFile(
			join(environment.reportDir, "junit.xml"),
			renderClaimsJunit(cleanAll(results)),
		);
		return results;
	}

	async #run(
		wanted: readonly Claim[],
		environment: Environment,
	): Promise<void> {
		const setUp = listLastPhases(this.#progress.phases);
		const steady = wanted.filter(({ disrupts }) => disrupts.length === 0);
		await runWhenFree<Claim>(wanted, {
			waitsFor: (claim) => findDisturbed(claim, steady),
			excludes: disturbEachOther,
			// Nobody says that a claim has been tested if its worker has died.
			run: ({ id, ...claim }, others) => {
				this.#reporter.noteWait(id, [
					...setUp,
					...others.map((each) => phaseOf(each.id)),
				]);
				return Promise.race([
					this.#reporter.whenTested(id),
					this.#runners.run({ id, ...claim }, environment),
				]);
			},
		});
		await this.#runners.done();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		// It may still be opening what is to be closed.
		await Promise.allSettled([this.#claims]);
		await this.#runners[Symbol.asyncDispose]();
	}
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
