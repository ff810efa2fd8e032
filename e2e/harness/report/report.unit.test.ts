import { expect, test } from "vitest";
import type { PromiseResult } from "../claims/summary.ts";
import { makeSummary } from "./made-summary.ts";
import { renderPromisesPage } from "./promises-page.ts";
import { renderSummary } from "./report.ts";

const promise = (
	sentence: string,
	status: PromiseResult["status"],
	asInstalled = "",
): PromiseResult => ({
	sentence,
	claim: "c",
	status,
	seconds: 1,
	correction: "",
	asInstalled,
});

const summary = makeSummary({
	promises: [
		promise("one", "proven"),
		promise("two", "proven"),
		promise("three", "as installed", "Loki in a manifest"),
		promise("four", "refuted", "Loki in a manifest"),
		promise("five", "skipped"),
	],
});

test("the summary tells what is proven from what only holds as installed", () => {
	expect(renderSummary(summary, "report")).toContain(
		"promises: of 4 that were tested, 2 are proven, 0 corrected, 1 hold as this project installs it",
	);
});

test("the page's status says it, and another status is left as it is", () => {
	const page = renderPromisesPage(summary);
	const cells = [...page.matchAll(/<td class="([^"]+)">([^<]+)<\/td>/g)];
	expect(cells.map(([, style, status]) => [style, status])).toEqual([
		["proven", "proven"],
		["proven", "proven"],
		["as-installed", "as installed"],
		["refuted", "refuted"],
		["skipped", "not tested"],
	]);
	expect(page.match(/decided by Loki in a manifest/g)).toHaveLength(2);
});
