import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Html, html } from "../../common/html-template.ts";
import { inGroups, isPlainNote, type Reason } from "../reasons.ts";
import type { UpgradeReport } from "./contents.ts";
import { renderTimeline } from "./timeline.ts";

/** The report as one file that needs nothing else. */
export async function renderHtml(report: UpgradeReport): Promise<string> {
	const style = await readFile(join(import.meta.dirname, "style.css"), "utf8");
	const { verdict, from, to, reasons, claims, images, crds, commands } = report;
	const notes = reasons.filter(isPlainNote);
	const title = `${verdict}: kube-prometheus-stack ${from.version} → ${to.version}`;
	return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<header class="${verdict}">
<h1>${verdict}</h1>
<p>${from.name} (${from.version}) → ${to.name} (${to.version}), rendered for Kubernetes ${report.kubeVersion}${report.clusterVersion && html`, upgraded on ${report.clusterVersion}`}${report.with && html`, for an upgrade with ${report.with}`}.
${meaning[verdict]}</p>
<p class="soft">${describeDepth(report)} ${new Date(report.startedAt).toUTCString()}, ${report.seconds.toFixed(0)} s${report.patience !== 1 && html`, patience: ${report.patience}`}.</p>
</header>
${inGroups(reasons.filter((each) => !isPlainNote(each))).map(
	({ part, reasons: own }) =>
		html`${part && html`<h2>${part}</h2>`}${own.map(renderReason)}`,
)}
${
	notes.length > 0 &&
	html`<details class="notes"><summary>${notes.length} notes</summary>${notes.map(renderReason)}</details>`
}
${
	report.steps.length > 0 &&
	html`<h2>Step by step</h2>${table(
		["version", "verdict"],
		report.steps.map(({ version, verdict: own }) => [version, own]),
	)}`
}
${report.timeline && html`<h2>The upgrade</h2><figure class="scroll">${renderTimeline(report.timeline)}</figure>`}
${report.history && renderHistory(report.history)}
${
	claims.length > 0 &&
	html`<h2>Claims</h2>${table(
		["claim", "status", "figure"],
		claims
			.filter(({ status }) => status !== "skipped")
			.map(({ id, status, message, notes: figures }) => [
				id,
				status,
				message || figures.join("; "),
			]),
	)}`
}
${report.madeUp.length > 0 && html`<h2>Made up for the test</h2><ul>${report.madeUp.map((line) => html`<li>${line}</li>`)}</ul>`}
${report.unknown.length > 0 && html`<h2>Not known from the repository</h2><ul>${report.unknown.map((line) => html`<li>${line}</li>`)}</ul>`}
<h2>To upgrade</h2>
<pre>${commands.join("\n")}</pre>
<h2>Images</h2>
${table(
	["image", "before", "after"],
	images.map(({ repository, before, after }) => [repository, before, after]),
)}
${
	crds.length > 0 &&
	html`<h2>CRDs</h2>${table(
		["CRD", "before", "after"],
		crds.map(({ name, before, after }) => [name, before, after]),
	)}`
}
</body>
</html>
`.text;
}

function renderHistory({
	upgrades,
	unusual,
}: NonNullable<UpgradeReport["history"]>): Html {
	const names = [
		...new Set(upgrades.flatMap(({ figures }) => Object.keys(figures))),
	];
	const summary =
		unusual.length === 0
			? "Nothing is out of the ordinary."
			: "Out of the ordinary:";
	return html`<h2>Compared with the upgrades before</h2>
<p>${summary}</p>
${unusual.length > 0 && html`<ul>${unusual.map((line) => html`<li>${line}</li>`)}</ul>`}
${
	upgrades.length > 0 &&
	html`<details><summary>the last ${upgrades.length}, in seconds</summary>${table(
		[
			"",
			...upgrades.map(
				({ startedAt, from, to, verdict }) =>
					`${startedAt.slice(0, 10)} ${from} → ${to}: ${verdict}`,
			),
		],
		names.map((name) => [
			name,
			...upgrades.map(({ figures }) => String(figures[name] ?? "")),
		]),
	)}</details>`
}`;
}

const meaning = {
	safe: "No reason against it was found.",
	review: "Nothing is lost, but you should decide on the following.",
	inconclusive: "The test environment failed before there was a verdict.",
	unsafe: "Data, targets, alerts or access are lost, or it fails halfway.",
};

function describeDepth({ depth, standIns }: UpgradeReport): string {
	const how =
		depth === "full"
			? "From an upgrade on a real cluster, and from reading both charts."
			: "From reading both charts; no cluster was upgraded.";
	return standIns.length > 0
		? `${how} ${standIns.length} images were built locally in place of the charts' own: new images are not tested.`
		: how;
}

function renderReason(each: Reason): Html {
	const { danger, id, subject, since, what, evidence, wayOut } = each;
	return html`<article class="${danger}">
<p><span class="badge">${danger}</span> <code>${id}</code>${since && html` <span class="soft">since ${since}</span>`}<br><strong>${subject}</strong></p>
<p>${what}</p>
${evidence.length > 0 && html`<details><summary>evidence (${evidence.length})</summary><pre>${evidence.join("\n")}</pre></details>`}
${danger !== "note" && html`<p>→ ${wayOut}</p>`}
${each.consequences.map(renderReason)}
</article>`;
}

function table(
	head: readonly string[],
	rows: readonly (readonly string[])[],
): Html {
	return html`<div class="scroll"><table><thead><tr>${head.map((each) => html`<th>${each}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((each) => html`<td>${each}</td>`)}</tr>`)}</tbody></table></div>`;
}
