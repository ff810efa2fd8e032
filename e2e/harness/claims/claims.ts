import { join } from "node:path";
import type { RequestCounts } from "../../clients/api-server/request-counts.ts";
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
import { ClaimReporter } from "./claim-reporter.ts";
import { ClaimRunner } from "./claim-runner.ts";
import { ClaimRunners } from "./claim-runners.ts";
import { disturbEachOther, findDisturbed, runWhenFree } from "./free.ts";
import { renderClaimsJunit } from "./junit.ts";
import { type ClaimResult, holds, notAskedFor } from "./summary.ts";

/**
 * Tests the claims in an environment: those that change nothing in the stack side by side, and each disruptive one as soon
 * as those that it would disturb are done, but never beside another one that it would disturb. Faults run one after the
 * other.
 *
 * @param only ids; if empty, all claims
 * @param bail whether the first test that fails is the last; for faults
 * @param requests gets what each claim has asked for, by its id
 */
export async function testClaims(
	environment: Environment,
	only: readonly string[],
	progress: Progress,
	set: ClaimSet = "claims",
	bail = false,
	requests: Map<string, RequestCounts> = new Map(),
): Promise<ClaimResult[]> {
	const reporter = new ClaimReporter(progress, requests);
	const open = () => ClaimRunner.create(environment, set, reporter, bail);
	const claims = await runAll(open, reporter, (claim) =>
		findSkip(claim, only, environment),
	);
	for (const error of reporter.stray)
		progress.say(`outside any test: ${error}`);
	const results = claims.map((claim) =>
		conclude(claim, reporter, findSkip(claim, only, environment)),
	);
	await writeReportFile(
		join(environment.reportDir, "junit.xml"),
		renderClaimsJunit(cleanAll(results)),
	);
	return results;
}

/** Runs the claims that are not skipped. @returns all of them */
async function runAll(
	open: () => Promise<ClaimRunner>,
	reporter: ClaimReporter,
	skipOf: (claim: Claim) => Skip,
): Promise<Claim[]> {
	await using runners = new ClaimRunners(open);
	const claims = await runners.readClaims();
	const wanted = claims.filter((each) => !skipOf(each).skipped);
	const steady = wanted.filter(({ disrupts }) => disrupts.length === 0);
	await runWhenFree<Claim>(wanted, {
		waitsFor: (claim) => findDisturbed(claim, steady),
		excludes: disturbEachOther,
		// Nobody says that a claim has been tested if its worker has died.
		run: (claim) =>
			Promise.race([reporter.whenTested(claim.id), runners.run(claim)]),
	});
	await runners.done();
	return claims;
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
