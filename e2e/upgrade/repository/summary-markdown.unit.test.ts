import { marked } from "marked";
import { expect, test } from "vitest";
import { makeReason, type Reason } from "../reasons.ts";
import type { UpgradeReport } from "../report/contents.ts";
import {
	longestSummary,
	renderRepositorySummary,
	type SummarizedRelease,
} from "./summary-markdown.ts";

const chart = {
	name: "78.5.0",
	source: "oci://charts.example.org",
	version: "78.5.0",
	appVersion: "v0.85.0",
	values: [],
};
const about = {
	headline: "unsafe: monitoring/stack (Flux), 78.5.0 → 79.4.1",
	exitCode: 1,
	base: "main (0f7d3c55)",
	head: "topic (4be1c09a)",
	others: [],
};

function makeRelease(
	reasons: Reason[],
	rest: Partial<UpgradeReport> = {},
): SummarizedRelease {
	return {
		summary: {
			title: "monitoring/stack (Flux)",
			place: "apps/stack.yaml:3",
			from: "78.5.0",
			to: "79.4.1",
			verdict: "unsafe",
			folder: "releases/1-monitoring-stack",
		},
		report: {
			verdict: "unsafe",
			depth: "plan",
			startedAt: "2026-01-01T00:00:00.000Z",
			seconds: 7,
			patience: 1,
			from: chart,
			to: chart,
			kubeVersion: "1.34.1",
			clusterVersion: null,
			steps: [],
			reasons,
			standIns: [],
			unknown: [],
			madeUp: [],
			claims: [],
			images: [],
			crds: [],
			commands: ["helm upgrade monitoring x"],
			phases: [],
			...rest,
		},
	};
}

const gone = (i: number) =>
	makeReason("datasource-gone", `d${i}`, `d${i} is gone.`);
const changed = (i: number) =>
	makeReason("image-changed", `i${i}`, `i${i} goes from 1 to 2.`);

/** Before anybody opens a folded part. */
function unfolded(text: string): string {
	return text.replaceAll(/<details>[\s\S]*?<\/details>/g, "");
}

test("the verdict comes first, then the worst reasons, the rest folded", () => {
	const reasons = [...Array.from({ length: 5 }, (_, i) => gone(i)), changed(7)];
	const text = renderRepositorySummary(about, [makeRelease(reasons)]);
	expect(text.split("\n")[0]).toBe(
		"### unsafe: monitoring/stack (Flux), 78.5.0 → 79.4.1",
	);
	expect(unfolded(text)).toContain("d2 is gone.");
	expect(unfolded(text)).not.toContain("d3 is gone.");
	expect(unfolded(text)).toContain(
		"topic (4be1c09a) compared with main (0f7d3c55).",
	);
	expect(text).toContain(
		"<summary>more: 2 unsafe, notes: 1, how to upgrade</summary>",
	);
	expect(text).toContain("i7 goes from 1 to 2.");
	expect(text).not.toContain("no room");
});

test("where nothing differs, the first line says it all", () => {
	const headline = "Nothing differs between a and b.";
	const text = renderRepositorySummary({ ...about, headline }, []);
	expect(text).toBe(`### ${headline}\n`);
});

test("each of several releases has a heading with its verdict", () => {
	const other = makeRelease([]);
	const text = renderRepositorySummary(about, [
		makeRelease([gone(1)]),
		{ ...other, summary: { ...other.summary, title: "b", verdict: "safe" } },
	]);
	expect(text).toMatch(
		/^#### unsafe: monitoring\/stack \(Flux\), 78\.5\.0 → 79\.4\.1$[\s\S]+^#### safe: b, /m,
	);
});

test("a release without a report has its sentence", () => {
	const { summary } = makeRelease([]);
	const sentence = "the new chart has no version <9>.";
	const release = { summary: { ...summary, sentence }, report: undefined };
	expect(renderRepositorySummary(about, [release])).toContain(
		"`apps/stack.yaml:3` · the new chart has no version \\<9\\>.",
	);
});

test("what has no room is counted, and nothing is cut in the middle", () => {
	const long = "x".repeat(990);
	const many = Array.from({ length: 200 }, (_, i) =>
		makeReason("datasource-gone", `d${i}`, `${long} ${i}.`),
	);
	const text = renderRepositorySummary(about, [makeRelease(many)]);
	expect(text.length).toBeLessThanOrEqual(longestSummary);
	expect(text.length).toBeGreaterThan(longestSummary * 0.9);
	const shown = text.match(/\*\*unsafe\*\*/g)?.length ?? 0;
	// The commands still fit.
	expect(text).toContain(
		`has no room for it: ${200 - shown} reasons or lines.`,
	);
	expect(text.match(/<details>/g)).toHaveLength(1);
	expect(text.match(/<\/details>/g)).toHaveLength(1);
});

test("a hundred releases with endless titles and messages fit, too", () => {
	const { summary, report } = makeRelease(
		Array.from({ length: 30 }, (_, i) => gone(i)),
	);
	const endless = "y".repeat(9000);
	const releases = Array.from({ length: 100 }, () => ({
		summary: { ...summary, title: endless, place: endless, sentence: endless },
		report,
	}));
	const text = renderRepositorySummary(
		{ ...about, headline: endless },
		releases,
	);
	expect(text.length).toBeLessThanOrEqual(longestSummary);
	expect(text).toContain("Left out here: 80 more releases.");
	expect(text).toContain("d0 is gone.");
});

test("many consequences of one kind are counted", () => {
	const consequences = Array.from({ length: 9 }, (_, i) => gone(i));
	const reason = makeReason("metrics-gone", "x", "It is gone.", {
		consequences,
	});
	const text = renderRepositorySummary(about, [makeRelease([reason])]);
	expect(text).toContain("d2 is gone.");
	expect(text).not.toContain("d3 is gone.");
	expect(text).toContain("  - and 6 more datasource-gone");
});

test("nothing that a pull request names becomes HTML or a mention", () => {
	const { summary } = makeRelease([]);
	const bad = "<img src=x> @octocat #1";
	const release = makeRelease([makeReason("datasource-gone", bad, bad)], {
		unknown: [bad],
	});
	const text = renderRepositorySummary({ ...about, headline: bad, head: bad }, [
		{ ...release, summary: { ...summary, title: bad, place: bad } },
		{
			summary: { ...summary, title: bad, sentence: bad },
			report: undefined,
		},
	]);
	const outsideCode = (marked.parse(text, { async: false }) || "").replaceAll(
		/<code>.*?<\/code>/g,
		"",
	);
	expect(outsideCode).not.toMatch(/<img|@octocat|#1/);
});
