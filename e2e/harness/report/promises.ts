import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import { projectPath } from "../../common/paths.ts";
import type {
	ClaimResult,
	ClaimStatus,
	PromiseResult,
} from "../claims/summary.ts";

const homelabPromise = z.strictObject({
	sentence: z.string(),
	claim: z.string(),
	/** The title of the claim's test that proves it, or a part of it; the whole claim unless told. */
	test: z.string().optional(),
});
/** A sentence that the homelab says of its stack, and what proves it. */
export type HomelabPromise = z.infer<typeof homelabPromise>;

/** Reads e2e/promises.yaml. */
export async function readPromises(): Promise<HomelabPromise[]> {
	const text = await readFile(projectPath("e2e/promises.yaml"), "utf8");
	return z.array(homelabPromise).parse(parse(text));
}

/** What became of each sentence: the status of the tests that prove it, the worst of them where there are several. */
export function judgePromises(
	sentences: readonly HomelabPromise[],
	claims: readonly ClaimResult[],
): PromiseResult[] {
	const asked = new Set(
		claims.filter(({ status }) => status !== "skipped").map(({ id }) => id),
	);
	return sentences.map(({ sentence, claim: id, test }) => {
		const claim = claims.find((each) => each.id === id);
		const tests = (claim?.tests ?? []).filter(({ title }) =>
			title.includes(test ?? ""),
		);
		return {
			sentence,
			claim: id,
			status: worstOf(
				// Without a test nothing is proven; without its claim nothing was asked, as in a run of other claims.
				tests.length > 0
					? tests
					: [{ status: asked.has(id) ? "inconclusive" : "skipped" }],
			),
			seconds: Math.max(0, ...tests.map(({ seconds }) => seconds)),
			correction: tests
				.map(({ correction }) => correction)
				.filter(Boolean)
				.join("; "),
		};
	});
}

/** The worst last. */
const byWeight: readonly ClaimStatus[] = [
	"proven",
	"corrected",
	"skipped",
	"inconclusive",
	"refuted",
];

function worstOf(results: readonly { status: ClaimStatus }[]): ClaimStatus {
	const weights = results.map(({ status }) => byWeight.indexOf(status));
	return byWeight[Math.max(0, ...weights)] ?? "inconclusive";
}
