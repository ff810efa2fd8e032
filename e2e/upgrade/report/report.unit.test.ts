import { expect, test } from "vitest";
import { makeReason } from "../reasons.ts";
import { type UpgradeReport, upgradeReport } from "./contents.ts";
import { renderHtml } from "./html.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import { renderText } from "./text.ts";

const chart = {
	name: "77.14.0",
	source: "upstream",
	version: "77.14.0",
	appVersion: "v0.85.0",
	values: ["values.yaml"],
};
const report: UpgradeReport = {
	verdict: "unsafe",
	depth: "plan",
	startedAt: "2026-01-01T00:00:00.000Z",
	seconds: 7,
	patience: 3,
	from: chart,
	to: { ...chart, name: "78.0.0", version: "78.0.0" },
	kubeVersion: "1.34.1",
	clusterVersion: null,
	steps: [],
	reasons: [
		makeReason("value-no-longer-read", "a.b", "a.b is <set> & not read.", {
			consequences: [
				makeReason("uploads-lost", "Prometheus/x", "Nothing is uploaded."),
			],
		}),
		makeReason("image-changed", "quay.io/a", "a goes from 1 to 2."),
	],
	standIns: [],
	unknown: [],
	madeUp: [],
	claims: [],
	images: [{ repository: "quay.io/a", before: "1", after: "2" }],
	crds: [],
	commands: ["helm upgrade monitoring x"],
	phases: [],
};

test("the contents match their schema", () => {
	expect(upgradeReport.parse(report)).toEqual(report);
});

test("HTML is one file, and everything in it is escaped", async () => {
	const html = await renderHtml(report);
	expect(html).toContain("a.b is &lt;set&gt; &amp; not read.");
	expect(html).not.toMatch(/<(link|script|img)\b|https?:\/\//);
});

test("each form says what is out of the ordinary", async () => {
	const past = {
		startedAt: report.startedAt,
		from: "77.13.0",
		to: "77.14.0",
		verdict: "safe",
		figures: { "Watchdog was away": 12 },
	};
	const line = "Watchdog was away 99 s";
	const odd = {
		...report,
		history: { upgrades: [past], unusual: [line] },
	};
	for (const text of [
		renderText(odd),
		renderMarkdown(odd),
		await renderHtml(odd),
	])
		expect(text).toContain(line);
	expect(await renderHtml(odd)).toContain("2026-01-01 77.13.0 → 77.14.0: safe");
	expect(
		renderText({ ...odd, history: { upgrades: [], unusual: [] } }),
	).toContain("nothing is out of the ordinary");
});

test("text nests a consequence under its cause and keeps to the width", () => {
	const text = renderText(report, 60);
	expect(text).toMatch(
		/^REVIEW value-no-longer-read[\s\S]+^ {4}UNSAFE uploads-lost/m,
	);
	expect(
		Math.max(...text.split("\n").map(({ length }) => length)),
	).toBeLessThanOrEqual(60);
});

test("the factor of the time limits is reported", async () => {
	expect(renderText(report)).toContain("patience: 3");
	expect(await renderHtml(report)).toContain("patience: 3");
	expect(renderText({ ...report, patience: 1 })).not.toContain("patience");
});

test("Markdown escapes HTML in messages", () => {
	expect(renderMarkdown(report)).toContain("a.b is \\<set\\> &amp; not read.");
});

test("Markdown shows evidence, and a source as a link that leaves no trace there", () => {
	const evidence = [
		"from: `a`",
		"https://github.com/a/b/issues/1?x=<script>",
		"https://example.org/notes",
	];
	const fact = makeReason("known-fact", "x", "It is so.", { evidence });
	expect(renderMarkdown({ ...report, reasons: [fact] })).toContain(
		[
			"",
			"  - `from: 'a'`",
			"  - <https://redirect.github.com/a/b/issues/1?x=%3Cscript%3E>",
			"  - <https://example.org/notes>",
			"",
		].join("\n"),
	);
});

test("no command ends the block that it stands in", () => {
	const commands = ["helm upgrade '```'", "# <img>"];
	expect(renderMarkdown({ ...report, commands })).toContain(
		"````sh\nhelm upgrade '```'\n# <img>\n````",
	);
});

test("JUnit fails only what is unsafe", () => {
	const xml = renderJunit(report);
	expect(xml.match(/<failure/g)).toHaveLength(1);
	expect(xml).toContain("uploads-lost: Prometheus/x");
});

test("more than twelve reasons are grouped by what they touch", async () => {
	const many = [
		...Array.from({ length: 8 }, (_, i) =>
			makeReason("monitor-gone", `ServiceMonitor/${i}`, "It is gone."),
		),
		...Array.from({ length: 8 }, (_, i) =>
			makeReason("datasource-gone", `${i}`, "It is gone."),
		),
	];
	const grouped = { ...report, reasons: many };
	for (const text of [
		renderText(grouped),
		renderMarkdown(grouped),
		await renderHtml(grouped),
	])
		expect(text).toMatch(/targets and metrics[\s\S]+Grafana/);
	expect(renderText({ ...report, reasons: many.slice(0, 12) })).not.toContain(
		"targets and metrics",
	);
});

test("of many consequences of one kind only some are shown in full", () => {
	const consequences = Array.from({ length: 9 }, (_, i) =>
		makeReason("alert-blind", `Alert${i}`, `Alert${i} is blind.`),
	);
	const text = renderText({
		...report,
		reasons: [makeReason("metrics-gone", "x", "It is gone.", { consequences })],
	});
	expect(text).toContain("Alert2 is blind.");
	expect(text).not.toContain("Alert3 is blind.");
	expect(text).toMatch(/and 6 more alert-blind: Alert3, [\s\S]*Alert8/);
});

test("notes about images have both versions", () => {
	const notes = ["a", "b"].map((name) =>
		makeReason("image-changed", name, `${name} goes from 1 to 2.`),
	);
	expect(renderText({ ...report, reasons: notes })).toContain(
		"a goes from 1 to 2; b goes from 1 to 2",
	);
});

test("the tool is said that the verdict is for, if it is known", async () => {
	const flux = { ...report, with: "Flux, as a.yaml says" };
	for (const render of [renderText, renderMarkdown, renderHtml]) {
		expect(await render(flux)).toMatch(
			/or an upgrade with Flux, as a\.yaml says/,
		);
		expect(await render(report)).not.toContain("an upgrade with");
	}
});
