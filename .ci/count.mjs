// Prints `N passed, N failed` over vitest's JSON results, the summaries of e2e runs and the verdicts on mutations, with a
// line before it for each failure. A missing report counts as a failure. What was skipped because it needs a browser is
// named with its reason and counts as neither; any other skip counts as a failure.
import { readFileSync } from "node:fs";

// Grafana built here has no pages, so there is nothing for a browser to look at.
const isExpectedSkip = (status, missing) =>
	["skipped", "not tried"].includes(status) &&
	missing.length > 0 &&
	missing.every((need) => need === "browser");

let passed = 0;
const failures = [];
for (const file of process.argv.slice(2)) {
	const before = { failures: failures.length, passed };
	const fail = (what, why = "no message") =>
		failures.push(`${file}: ${what}: ${why.split("\n")[0]}`);
	let report;
	try {
		report = JSON.parse(readFileSync(file, "utf8"));
	} catch (error) {
		fail("missing", error.message);
		continue;
	}
	if (report.claims) {
		for (const { id, status, message, missing } of report.claims) {
			// A corrected claim holds, with another figure than the homelab says.
			if (["proven", "corrected"].includes(status)) passed += 1;
			else if (isExpectedSkip(status, missing))
				console.log(`${file}: ${id} was skipped: ${message}`);
			else fail(`${id} is ${status}`, message);
		}
		// The run itself may have failed before the claims, or after.
		if (report.verdict !== "proven" && failures.length === before.failures)
			fail("the run", report.verdict);
	} else if (report.tried) {
		for (const { id, outcome, message, missing } of report.tried) {
			if (["caught", "proven"].includes(outcome)) passed += 1;
			else if (isExpectedSkip(outcome, missing))
				console.log(`${file}: ${id} was not tried: ${message}`);
			else fail(`${id}: ${outcome}`, message);
		}
		if (report.tried.length < report.expected)
			fail(
				"the run",
				`${report.expected - report.tried.length} of ${report.expected} have no outcome`,
			);
	} else {
		for (const { name, message, assertionResults } of report.testResults) {
			for (const { status, fullName, failureMessages = [] } of assertionResults)
				if (status === "passed") passed += 1;
				else fail(`${fullName} ${status}`, failureMessages[0]);
			// A file may fail outside its tests.
			if (
				assertionResults.length === 0 ||
				(message && failures.length === before.failures)
			)
				fail(name, message || "it has no test");
		}
		if (!report.success && failures.length === before.failures)
			fail("vitest", "an error outside all tests");
	}
	// Where nothing passed, nothing was tested.
	if (passed === before.passed && failures.length === before.failures)
		fail("empty", "nothing in it passed");
}
for (const failure of failures) console.log(failure);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);
