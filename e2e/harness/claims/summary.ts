import { z } from "zod";
import { criticalPath, phase } from "../../common/critical-path.ts";

const seconds = z.number().nonnegative();

/** The result of a claim or a test. Only `refuted` blames the stack; `corrected` is proven with another figure. */
export const claimStatus = z.enum([
	"proven",
	"corrected",
	"refuted",
	"skipped",
	"inconclusive",
]);
export type ClaimStatus = z.infer<typeof claimStatus>;

/** Why a claim is skipped if `--only` names others. */
export const notAskedFor = "not asked for (--only)";

/** The result of a test of a claim. */
export const testResult = z.strictObject({
	title: z.string(),
	status: claimStatus,
	seconds,
	/** What was found, or why nothing was; empty if the test passed. */
	message: z.string(),
	/** The measured figure, if the homelab promises another; empty unless the status is `corrected`. */
	correction: z.string(),
});
export type TestResult = z.infer<typeof testResult>;

/** The result of a claim. */
export const claimResult = z.strictObject({
	/** The name of the claim's file without its ending. */
	id: z.string(),
	title: z.string(),
	status: claimStatus,
	seconds,
	/** What was found, or why nothing was; empty for a proven claim. */
	message: z.string(),
	/** What the claim measured, and the conditions under which it holds. */
	notes: z.array(z.string()),
	/** Empty if no test ran. */
	tests: z.array(testResult),
	/** What a skipped claim needs and this run does not have; empty if `--only` names others. */
	missing: z.array(z.string()),
});
export type ClaimResult = z.infer<typeof claimResult>;

/** The result of a promise: `as installed` holds, but it is a manifest of this project that decides it. */
export const promiseStatus = z.enum([...claimStatus.options, "as installed"]);
export type PromiseStatus = z.infer<typeof promiseStatus>;

/** The result of a promise of the homelab. */
export const promiseResult = z.strictObject({
	/** In the homelab's own words, shortened. */
	sentence: z.string(),
	/** The id of the claim that proves it. */
	claim: z.string(),
	status: promiseStatus,
	seconds,
	/** As in a test. */
	correction: z.string(),
	/**
	 * What decides it, if that is a manifest of this project instead of the homelab's values or chart: the result then
	 * only holds for the stack as this project installs it. Empty if those have such an object themselves.
	 */
	asInstalled: z.string(),
});
export type PromiseResult = z.infer<typeof promiseResult>;

/** e2e-report/summary.json; its JSON schema is e2e/summary.schema.json. */
export const summary = z.strictObject({
	/** The worst status of the claims, or why there is none. */
	verdict: z.enum([
		"proven",
		"refuted",
		"inconclusive",
		"set-up-failed",
		"bad-input",
		"interrupted",
	]),
	/** A sentence that says why there is no verdict over claims; empty if there is one. */
	message: z.string(),
	startedAt: z.iso.datetime(),
	seconds,
	/** The factor of every time limit. */
	patience: z.number(),
	/** Null if set-up ended before the chart was known. */
	chart: z
		.strictObject({ name: z.string(), version: z.string(), source: z.string() })
		.nullable(),
	imageSource: z.string().nullable(),
	/** What differs from a real homelab, each in a sentence: built images, fixtures. */
	standIns: z.array(z.string()),
	/** Values that a person should change before they do harm, each in a sentence. */
	warnings: z.array(z.string()),
	/** The person's values files, in the order in which they were layered over all others. */
	values: z.array(z.string()),
	/** The homelab's values that the test changes, why, and what a file of `values` says instead. */
	overrides: z.array(
		z.strictObject({
			value: z.string(),
			reason: z.string(),
			replaces: z.string().optional(),
		}),
	),
	phases: z.array(phase),
	/** What the run waited for. */
	criticalPath,
	claims: z.array(claimResult),
	/** The result of each promise in e2e/promises.yaml. */
	promises: z.array(promiseResult),
});
export type Summary = z.infer<typeof summary>;

/** Whether what was claimed is true, even if with another figure. */
export function holds(status: PromiseStatus): boolean {
	return (
		status === "proven" || status === "corrected" || status === "as installed"
	);
}

/** The verdict over claims: one refuted claim outweighs all others, then one without a result. */
export function verdictOf(
	claims: readonly Pick<ClaimResult, "status">[],
): "proven" | "refuted" | "inconclusive" {
	const seen = claims.map(({ status }) => status);
	if (seen.includes("refuted")) return "refuted";
	return seen.includes("inconclusive") || !seen.some(holds)
		? "inconclusive"
		: "proven";
}
