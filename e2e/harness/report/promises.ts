import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import { parseAs } from "../../common/parsing/parse-as.ts";
import { projectPath } from "../../common/paths.ts";
import {
	type ClaimResult,
	type ClaimStatus,
	holds,
	type PromiseResult,
} from "../claims/summary.ts";

const homelabPromise = z.strictObject({
	sentence: z.string(),
	claim: z.string(),
	/** The title of the test that proves it, or a part of the title; by default, all tests of the claim do. */
	test: z.string().optional(),
	/**
	 * What decides it, if no value or chart of a homelab does: a manifest of this project, with the file. The claim then
	 * shows that the parts work together, not that the homelab has set them up like that.
	 */
	asInstalled: z.string().optional(),
	/** Matches the objects, as `nameOf` names them, with which a person's values or chart decide it themselves. */
	unless: z
		.string()
		.transform((pattern) => new RegExp(pattern))
		.optional(),
});
/** A sentence that the homelab says about its stack, and what proves it. */
export type HomelabPromise = z.infer<typeof homelabPromise>;

/** Reads e2e/promises.yaml. */
export async function readPromises(): Promise<HomelabPromise[]> {
	const text = await readFile(projectPath("e2e/promises.yaml"), "utf8");
	return parseAs(z.array(homelabPromise), parse(text), "e2e/promises.yaml");
}

/**
 * The result of each promise: the status of the test that proves it, or the worst status of several tests; `as installed`
 * if it holds and something of this project decides it.
 *
 * @param rendered names of the objects that a person's values and chart make
 */
export function judgePromises(
	promises: readonly HomelabPromise[],
	claims: readonly ClaimResult[],
	rendered: readonly string[] = [],
): PromiseResult[] {
	const asked = new Set(
		claims.filter(({ status }) => status !== "skipped").map(({ id }) => id),
	);
	return promises.map(({ sentence, claim: id, test, unless, ...mark }) => {
		const isOwn = unless && rendered.some((name) => unless.test(name));
		const asInstalled = isOwn ? "" : (mark.asInstalled ?? "");
		const claim = claims.find((each) => each.id === id);
		const tests = (claim?.tests ?? []).filter(({ title }) =>
			title.includes(test ?? ""),
		);
		const status = worstStatusOf(
			// If no test ran, nothing is proven; if the claim was not tested, as in a run of others, it is skipped.
			tests.length > 0
				? tests
				: [{ status: asked.has(id) ? "inconclusive" : "skipped" }],
		);
		return {
			sentence,
			claim: id,
			status: asInstalled && holds(status) ? "as installed" : status,
			seconds: Math.max(0, ...tests.map(({ seconds }) => seconds)),
			correction: tests
				.map(({ correction }) => correction)
				.filter(Boolean)
				.join("; "),
			asInstalled,
		};
	});
}

/** From best to worst. */
const byWeight: readonly ClaimStatus[] = [
	"proven",
	"corrected",
	"skipped",
	"inconclusive",
	"refuted",
];

function worstStatusOf(
	results: readonly { status: ClaimStatus }[],
): ClaimStatus {
	const weights = results.map(({ status }) => byWeight.indexOf(status));
	return byWeight[Math.max(0, ...weights)] ?? "inconclusive";
}
