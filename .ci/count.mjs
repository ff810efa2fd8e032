// Reads vitest's JSON results and the summaries of e2e runs. Prints a line for each failure, and then `N passed, N
// failed`. A missing report counts as a failure, and so does a test that did not run, or a skipped claim. A claim that
// may be skipped counts as neither: it is printed with its reason.
import { readFileSync } from "node:fs";

/** Claims that need what cannot be built from packages. */
const maySkip = ["grafana-pages"];

let passed = 0;
const flaws = [];
for (const file of process.argv.slice(2)) {
	const before = { flaws: flaws.length, passed };
	const blame = (what, why = "no message") =>
		flaws.push(`${file}: ${what}: ${why.split("\n")[0]}`);
	let report;
	try {
		report = JSON.parse(readFileSync(file, "utf8"));
	} catch (error) {
		blame("cannot be read", error.message);
		continue;
	}
	if (report.claims) {
		for (const { id, status, message } of report.claims) {
			// A corrected claim holds, with another figure than the homelab promises.
			if (["proven", "corrected"].includes(status)) passed += 1;
			else if (status === "skipped" && maySkip.includes(id))
				console.log(`${file}: ${id} was skipped: ${message}`);
			else blame(`${id} is ${status}`, message);
		}
		// The run may have failed before or after its claims.
		if (report.verdict !== "proven" && flaws.length === before.flaws)
			blame("the run", report.verdict);
	} else {
		for (const { name, message, assertionResults } of report.testResults) {
			for (const { status, fullName, failureMessages = [] } of assertionResults)
				if (status === "passed") passed += 1;
				else blame(`${fullName} ${status}`, failureMessages[0]);
			// A file may fail outside of its tests.
			if (
				assertionResults.length === 0 ||
				(message && flaws.length === before.flaws)
			)
				blame(name, message || "it has no test");
		}
		if (!report.success && flaws.length === before.flaws)
			blame("vitest", "an error outside any test");
	}
	// A report without any result is a failure, too.
	if (passed === before.passed && flaws.length === before.flaws)
		blame("empty", "it has no results");
}
for (const flaw of flaws) console.log(flaw);
console.log(`${passed} passed, ${flaws.length} failed`);
process.exit(flaws.length === 0 ? 0 : 1);
