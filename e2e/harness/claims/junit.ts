import { getJunitXml } from "junit-xml";
import type { ClaimResult, TestResult } from "./summary.ts";

/** Renders results of claims as JUnit: a suite for each claim, a case for each of its tests. */
export function renderClaimsJunit(claims: readonly ClaimResult[]): string {
	const suites = claims.map(
		({ id, title, seconds, status, message, tests }) => ({
			name: `${id}: ${title}`,
			time: seconds,
			testCases:
				tests.length > 0
					? tests.map((each) => makeCase(id, each))
					: // Nothing of it ran, or something outside of its tests failed.
						[makeCase(id, { title, status, seconds, message })],
		}),
	);
	// The library's default writes failures as errors.
	return getJunitXml({ suites }, { schema: "ant-junit" });
}

function makeCase(
	classname: string,
	{
		title,
		status,
		seconds,
		message,
	}: Pick<TestResult, "title" | "status" | "seconds" | "message">,
) {
	return {
		name: title,
		classname,
		time: seconds,
		...(status === "refuted" && { failures: [{ message }] }),
		...(status === "inconclusive" && { errors: [{ message }] }),
		...(status === "skipped" && { skipped: true }),
	};
}
