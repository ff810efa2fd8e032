import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { escapeRegExp } from "es-toolkit";
import { expect, test } from "vitest";
import { projectPath } from "../../common/paths.ts";
import type { ClaimResult, ClaimStatus } from "../claims/summary.ts";
import { judgePromises, readPromises } from "./promises.ts";

const promises = await readPromises();

test.each(promises)("$sentence", async ({ claim, test: part }) => {
	const source = await readClaim(claim);
	const titles = [
		...source.matchAll(/\btest(?:\.concurrent)?\(\s*(?:"([^"]+)"|`([^`]+)`)/g),
	].map(([, plain, template]) => plain ?? template ?? "");
	const fits = (title: string) =>
		title.includes(part ?? "") || patternOf(title).test(part ?? "");
	expect(titles.filter(fits), part).not.toEqual([]);
});

/** Some claims are only tested by `--faults`. */
async function readClaim(claim: string): Promise<string> {
	const paths = ["e2e", "e2e/faults"].map((folder) =>
		projectPath(folder, `${claim}.test.ts`),
	);
	return readFile(paths.find((path) => existsSync(path)) ?? claim, "utf8");
}

/** Matches the titles that a template can become: its placeholders match anything. */
function patternOf(title: string): RegExp {
	const fixed = title.split(/\$\{[^}]+\}/).map(escapeRegExp);
	return new RegExp(`^${fixed.join(".+")}$`);
}

function makeClaim(tests: Record<string, ClaimStatus>): ClaimResult {
	return {
		id: "c",
		title: "",
		status: "proven",
		seconds: 9,
		message: "",
		notes: [],
		missing: [],
		tests: Object.entries(tests).map(([title, status], i) => ({
			title,
			status,
			seconds: i + 1,
			message: "",
			correction: status === "corrected" ? "3h" : "",
		})),
	};
}

function makeRow(part: string | undefined, claims: ClaimResult[]) {
	return judgePromises([{ sentence: "s", claim: "c", test: part }], claims)[0];
}

test("a promise has the status, time and figure of its test", () => {
	const claim = makeClaim({
		"one thing": "proven",
		"another thing": "corrected",
	});
	expect(makeRow("one thing", [claim])).toEqual({
		sentence: "s",
		claim: "c",
		status: "proven",
		seconds: 1,
		correction: "",
		asInstalled: "",
	});
	expect(makeRow("another", [claim])).toMatchObject({
		status: "corrected",
		seconds: 2,
		correction: "3h",
	});
});

test("what only a manifest of this project decides is marked", async () => {
	const marked = { sentence: "s", claim: "c", asInstalled: "a manifest" };
	expect(judgePromises([marked], [makeClaim({ a: "proven" })])).toMatchObject([
		{ status: "as installed", asInstalled: "a manifest" },
	]);
	expect(judgePromises([marked], [makeClaim({ a: "refuted" })])).toMatchObject([
		{ status: "refuted", asInstalled: "a manifest" },
	]);
	const files = promises.flatMap(
		({ asInstalled = "" }) =>
			asInstalled.match(/(stack|e2e)\/[\w./-]+\.(yaml|ts)/g) ?? [],
	);
	expect(files.length).toBeGreaterThan(0);
	for (const file of files)
		expect(existsSync(projectPath(file)), file).toBe(true);
});

test("what a person's own object decides is not marked", () => {
	const storage = promises.filter(({ asInstalled = "" }) =>
		asInstalled.startsWith("StorageClass"),
	);
	const claims = [{ ...makeClaim({ a: "proven" }), id: "volume-lost" }];
	const statuses = (rendered: string[]) =>
		judgePromises(storage, claims, rendered).map(({ status }) => status);
	expect(new Set(statuses(["Service/monitoring/x"]))).toEqual(
		new Set(["as installed"]),
	);
	expect(new Set(statuses(["StorageClass/one-replica"]))).toEqual(
		new Set(["proven"]),
	);
});

test("the worst of several tests counts", () => {
	const claim = makeClaim({ a: "proven", ab: "refuted", c: "inconclusive" });
	expect(makeRow("a", [claim])?.status).toBe("refuted");
	expect(makeRow(undefined, [claim])?.status).toBe("refuted");
	expect(makeRow("c", [claim])?.status).toBe("inconclusive");
});

test("a promise whose test did not run is not proven", () => {
	expect(makeRow("a", [])?.status).toBe("skipped");
	expect(makeRow("a", [makeClaim({ b: "proven" })])?.status).toBe(
		"inconclusive",
	);
	const skipped = { ...makeClaim({}), status: "skipped" } as const;
	expect(makeRow("a", [skipped])?.status).toBe("skipped");
});
