// Prints `N passed, N failed` over vitest's JSON results and the summaries of e2e runs. A report that is missing
// counts as a failure. A claim that may be skipped is told with its reason, and counts as neither; any other counts
// as a failure, as a test of vitest's that did not run does.
import { readFileSync } from "node:fs";

/** Claims that need what cannot be built here. */
const maySkip = ["grafana-pages"];

let passed = 0;
let failed = 0;
for (const file of process.argv.slice(2)) {
	let report;
	try {
		report = JSON.parse(readFileSync(file, "utf8"));
	} catch (error) {
		console.log(`${file}: ${error.message}`);
		failed += 1;
		continue;
	}
	if (report.claims) {
		// A corrected claim holds, with another figure than was thought.
		const held = report.claims.filter(({ status }) =>
			["proven", "corrected"].includes(status),
		);
		const skipped = report.claims.filter(
			({ id, status }) => status === "skipped" && maySkip.includes(id),
		);
		for (const { id, message } of skipped)
			console.log(`${file}: ${id} was skipped: ${message}`);
		passed += held.length;
		// Where none held, nothing was tested.
		failed +=
			held.length === 0
				? Math.max(report.claims.length, 1)
				: report.claims.length - held.length - skipped.length;
		// The run itself may have failed after them.
		if (report.verdict !== "proven" && failed === 0) failed += 1;
	} else {
		passed += report.numPassedTests;
		failed += report.numTotalTests - report.numPassedTests;
		failed += report.success ? 0 : Number(report.numFailedTests === 0);
	}
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
