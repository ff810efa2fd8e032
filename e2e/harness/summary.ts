import { z } from "zod";

const seconds = z.number().nonnegative();

/** What became of a claim. Only `refuted` accuses the stack. */
export const claimStatus = z.enum([
	"proven",
	"refuted",
	"skipped",
	"inconclusive",
]);
export type ClaimStatus = z.infer<typeof claimStatus>;

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
});
export type ClaimResult = z.infer<typeof claimResult>;

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
	/** Null where set-up ended before the chart was known. */
	chart: z
		.strictObject({ name: z.string(), version: z.string(), source: z.string() })
		.nullable(),
	imageSource: z.string().nullable(),
	/** Locally built images and what they stand in for, a sentence each. */
	standIns: z.array(z.string()),
	/** The person's values files, in the order in which they were layered over all others. */
	values: z.array(z.string()),
	/** What the test changes of the homelab's values, and why; a file of `values` may have changed it again. */
	overrides: z.array(z.strictObject({ value: z.string(), reason: z.string() })),
	phases: z.array(z.strictObject({ name: z.string(), seconds })),
	claims: z.array(claimResult),
});
export type Summary = z.infer<typeof summary>;

/** The verdict over claims: one refuted claim outweighs all, then one without a result. */
export function verdictOf(
	claims: readonly Pick<ClaimResult, "status">[],
): "proven" | "refuted" | "inconclusive" {
	const seen = new Set(claims.map(({ status }) => status));
	if (seen.has("refuted")) return "refuted";
	return seen.has("inconclusive") || !seen.has("proven")
		? "inconclusive"
		: "proven";
}
