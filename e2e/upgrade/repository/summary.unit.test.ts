import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { rememberSecret } from "../../common/secrecy/redact.ts";
import {
	beginSummary,
	describeAnswer,
	exitCodeOf,
	type ReleaseAnswer,
	writeSummary,
} from "./summary.ts";
import { repositorySummary } from "./summary-file.ts";

const makeAnswer = (
	title: string,
	verdict: ReleaseAnswer["verdict"],
	sentence?: string,
): ReleaseAnswer => ({
	...{ title, verdict, sentence, place: "a.yaml:1" },
	...{ from: "1.0.0", to: "2.0.0", report: undefined, folder: undefined },
});
const about = { base: "main", head: "topic", others: [] };

test.each([
	[["safe", "review"], "review: b, 1.0.0 → 2.0.0; a is safe", 4],
	[["review", "unsafe"], "unsafe: b, 1.0.0 → 2.0.0; a is review", 1],
	[["unreadable", "removed"], "unreadable: a, 1.0.0 → 2.0.0; b is removed", 3],
	[["inconclusive", "safe"], "inconclusive: a, 1.0.0 → 2.0.0; b is safe", 2],
	[["added", "safe"], "added: a, 1.0.0 → 2.0.0; b is safe", 0],
] as const)("of %j the worst is in the headline", ([a, b], headline, code) => {
	const answers = [makeAnswer("a", a), makeAnswer("b", b)];
	expect(describeAnswer({ ...about, answers })).toBe(headline);
	expect(exitCodeOf({ answers })).toBe(code);
});

test("a secret is blanked though escaping would hide it, and the worst release comes first", async () => {
	const dir = await mkdtemp(join(tmpdir(), "o11y-e2e-summary-"));
	onTestFinished(() => rm(dir, { recursive: true }));
	rememberSecret("pass@word#1");
	const reserved = await beginSummary(dir);
	const answers = [
		makeAnswer("one", "safe"),
		makeAnswer("two", "unreadable", "it has pass@word#1"),
	];
	await writeSummary(dir, { ...about, answers });
	reserved.release();
	const json = await readFile(join(dir, "summary.json"), "utf8");
	const { releases } = repositorySummary.parse(JSON.parse(json));
	expect(releases.map(({ title }) => title)).toEqual(["one", "two"]);
	const markdown = await readFile(join(dir, "summary.md"), "utf8");
	expect(markdown).toMatch(/#### unreadable: two[\s\S]+#### safe: one/);
	expect(markdown).toContain("it has \\<blanked\\>");
	expect(json + markdown).not.toMatch(/pass\S*word/);
});
