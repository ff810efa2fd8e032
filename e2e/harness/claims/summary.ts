import { z } from "zod";

const seconds = z.number().nonnegative();

/** What became of a claim or a test. Only `refuted` accuses the stack; `corrected` is proven, with another figure. */
export const claimStatus = z.enum([
	"proven",
	"corrected",
	"refuted",
	"skipped",
	"inconclusive",
]);
export type ClaimStatus = z.infer<typeof claimStatus>;

/** Why a claim is skipped that another one was asked for instead of. */
export const notAskedFor = "not asked for (--only)";

/** What became of one test of a claim. */
export const testResult = z.strictObject({
	title: z.string(),
	status: claimStatus,
	seconds,
	/** The measured figure, where the homelab says another: of a `corrected` test alone, else empty. */
	correction: z.string(),
});
export type TestResult = z.infer<typeof testResult>;

/** What became of one claim. */
export const claimResult = z.strictObject({
	/** The name of the claim's file without its ending. */
	id: z.string(),
	title: z.string(),
	status: claimStatus,
	seconds,
	/** Empty for a proven claim, else what was found, or why nothing was. */
	message: z.string(),
	/** What the claim measured, and under which conditions it holds. */
	notes: z.array(z.string()),
	/** Empty where none ran. */
	tests: z.array(testResult),
	/** What a skipped claim needs and this run does not have; empty where it was not asked for. */
	missing: z.array(z.string()),
});
export type ClaimResult = z.infer<typeof claimResult>;

/** What became of a promise of the homelab. */
export const promiseResult = z.strictObject({
	/** In the homelab's own words, shortened. */
	sentence: z.string(),
	/** The id of the claim that proves it. */
	claim: z.string(),
	status: claimStatus,
	seconds,
	/** As of a test. */
	correction: z.string(),
});
export type PromiseResult = z.infer<typeof promiseResult>;

/** e2e-report/summary.json; its JSON schema is e2e/summary.schema.json. */
export const summary = z.strictObject({
	/** The worst of the claims, or `set-up-failed`, or `interrupted`. */
	verdict: z.enum([
		"proven",
		"refuted",
		"inconclusive",
		"set-up-failed",
		"bad-input",
		"interrupted",
	]),
	/** One sentence where there is no verdict of claims. */
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
	/** What is not the homelab's own, and what it stands in for, a sentence each: built images, fixtures. */
	standIns: z.array(z.string()),
	/** What a person should change of the values before it hurts, a sentence each. */
	warnings: z.array(z.string()),
	/** The person's values files, in the order in which they were layered over all others. */
	values: z.array(z.string()),
	/** What the test changes of the homelab's values, and why; a file of `values` may have changed it again. */
	overrides: z.array(z.strictObject({ value: z.string(), reason: z.string() })),
	phases: z.array(z.strictObject({ name: z.string(), seconds })),
	claims: z.array(claimResult),
	/** A row for each promise of e2e/promises.yaml. */
	promises: z.array(promiseResult),
});
export type Summary = z.infer<typeof summary>;

/** Whether what was claimed is true, be it with another figure. */
export function holds(status: ClaimStatus): boolean {
	return status === "proven" || status === "corrected";
}

/** The verdict over claims: one refuted claim outweighs all, then one without a result. */
export function verdictOf(
	claims: readonly Pick<ClaimResult, "status">[],
): "proven" | "refuted" | "inconclusive" {
	const seen = claims.map(({ status }) => status);
	if (seen.includes("refuted")) return "refuted";
	return seen.includes("inconclusive") || !seen.some(holds)
		? "inconclusive"
		: "proven";
}
