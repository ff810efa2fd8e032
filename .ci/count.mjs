// Prints `N passed, N failed` over vitest's JSON results and the summaries of e2e runs, and before it a line for each
// that failed. A report that is missing counts as a failure. A claim that may be skipped is told with its reason, and
// counts as neither; any other counts as a failure, as a test of vitest's that did not run does.
import { readFileSync } from "node:fs";

/** Claims that need what cannot be built here. */
const maySkip = ["grafana-pages"];

let passed = 0;
const flaws = [];
for (const file of process.argv.slice(2)) {
	const before = { flaws: flaws.length, passed };
	const blame = (what, why = "without a word") =>
		flaws.push(`${file}: ${what}: ${why.split("\n")[0]}`);
	let report;
	try {
		report = JSON.parse(readFileSync(file, "utf8"));
	} catch (error) {
		blame("not there", error.message);
		continue;
	}
	if (report.claims) {
		for (const { id, status, message } of report.claims) {
			// A corrected claim holds, with another figure than was thought.
			if (["proven", "corrected"].includes(status)) passed += 1;
			else if (status === "skipped" && maySkip.includes(id))
				console.log(`${file}: ${id} was skipped: ${message}`);
			else blame(`${id} is ${status}`, message);
		}
		// The run itself may have failed before them, or after.
		if (report.verdict !== "proven" && flaws.length === before.flaws)
			blame("the run", report.verdict);
	} else {
		for (const { name, message, assertionResults } of report.testResults) {
			for (const { status, fullName, failureMessages = [] } of assertionResults)
				if (status === "passed") passed += 1;
				else blame(`${fullName} ${status}`, failureMessages[0]);
			// It may fail outside its tests.
			if (
				assertionResults.length === 0 ||
				(message && flaws.length === before.flaws)
			)
				blame(name, message || "it has no test");
		}
		if (!report.success && flaws.length === before.flaws)
			blame("vitest", "an error outside all tests");
	}
	// Where nothing held, nothing was tested.
	if (passed === before.passed && flaws.length === before.flaws)
		blame("empty", "it tells of nothing that held");
}
for (const flaw of flaws) console.log(flaw);
console.log(`${passed} passed, ${flaws.length} failed`);
process.exit(flaws.length === 0 ? 0 : 1);
