import { getJunitXml } from "junit-xml";
import type { ClaimResult } from "../../harness/claims/summary.ts";
import { flatten, type Reason } from "../reasons.ts";
import type { UpgradeReport } from "./contents.ts";

/** The report as JUnit: a case for each reason, which fails if it is unsafe, and for each claim of each stage. */
export function renderJunit({ reasons, claims, from, to }: UpgradeReport) {
	const cases = flatten(reasons).map(reasonCase);
	const suites = {
		suites: [
			{
				name: `from ${from.version} to ${to.version}`,
				testCases: cases.length > 0 ? cases : [{ name: "nothing was found" }],
			},
			...(claims.length > 0
				? [{ name: "claims", testCases: claims.map(claimCase) }]
				: []),
		],
	};
	// The library's default writes failures as errors.
	return getJunitXml(suites, { schema: "ant-junit" });
}

function reasonCase(each: Reason) {
	const { id, subject, danger, what, evidence, wayOut } = each;
	const message = [what, ...evidence, wayOut].join("\n");
	return {
		name: `${id}: ${subject}`,
		classname: danger,
		...(danger === "unsafe"
			? { failures: [{ message, type: id }] }
			: { systemOut: [message] }),
	};
}

function claimCase({ id, status, message, seconds }: ClaimResult) {
	return {
		name: id,
		time: seconds,
		...(status === "refuted" && { failures: [{ message }] }),
		...(status === "inconclusive" && { errors: [{ message }] }),
		...(status === "skipped" && { skipped: true }),
	};
}
