import { join } from "node:path";
import type { Vitest } from "vitest/node";
import type { RequestCounts } from "../../clients/api-server/request-counts.ts";
import type { Environment } from "../../common/environment.ts";
import { writeReportFile } from "../../common/output/report-file.ts";
import { projectRoot } from "../../common/paths.ts";
import type { Progress } from "../../common/progress.ts";
import { cleanAll, rememberedSecrets } from "../../common/secrecy/redact.ts";
import {
	type Claim,
	type ClaimSet,
	explainMissing,
	findMissing,
	readClaims,
} from "./catalogue.ts";
import { ClaimReporter } from "./claim-reporter.ts";
import { renderClaimsJunit } from "./junit.ts";
import { createQuietVitest } from "./quiet-vitest.ts";
import { type ClaimResult, holds, notAskedFor } from "./summary.ts";

/**
 * Tests the claims in an environment: first, in parallel, those that change nothing in the stack, then the disruptive
 * ones. Faults run one after the other.
 *
 * @param only ids; if empty, all claims
 * @param bail whether the first test that fails is the last
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
	const vitest = await createQuietVitest({
		root: projectRoot,
		watch: false,
		run: true,
		bail: bail ? 1 : 0,
		reporters: [reporter],
	});
	let claims: readonly Claim[];
	try {
		claims = await readClaims(set, vitest);
		for (const project of vitest.projects) {
			project.provide("environment", environment);
			project.provide("secrets", rememberedSecrets());
		}
		const wanted = claims.filter(
			(each) => !findSkip(each, only, environment).skipped,
		);
		// This starts the reporters; no test runs yet.
		await vitest.standalone();
		if (wanted.length > 0)
			await vitest.runTestSpecifications(
				wanted.map((each) => makeSpecification(vitest, each, set)),
				true,
			);
	} finally {
		await vitest.close();
		// vitest has set the exit code, but here the verdict decides it.
		process.exitCode = 0;
	}
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

function makeSpecification(
	vitest: Vitest,
	{ file, disruptive }: Claim,
	set: ClaimSet,
) {
	const name =
		set === "faults" ? "faults" : disruptive ? "disruptive" : "steady";
	const project = vitest.projects.find((each) => each.name === name);
	if (!project) throw new Error(`vitest.config.ts has no project ${name}`);
	return project.createSpecification(file);
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
