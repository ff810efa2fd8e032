import { Html, html } from "../../common/html-template.ts";
import type { Summary } from "../claims/summary.ts";

const style = `
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 70rem; padding: 1rem; font: 1rem / 1.5 system-ui, sans-serif; }
table { border-collapse: collapse; width: 100%; }
td, th { padding: 0.3rem 0.6rem; text-align: left; vertical-align: top; border-bottom: 1px solid gray; }
td:not(:first-child) { white-space: nowrap; }
small { opacity: 0.75; }
img { max-width: 100%; height: auto; }
.proven, .corrected { color: light-dark(#1b7a43, #58c98a); }
.refuted { color: light-dark(#b3261e, #ff8a80); }
.inconclusive, .as-installed { color: light-dark(#9a5b00, #f0b35a); }
`;

/**
 * Renders the results of all promises as an HTML page that needs no other file.
 *
 * @param picture the browser's screenshot of Grafana, a PNG
 */
export function renderPromisesPage(
	{
		promises,
		verdict,
		startedAt,
		seconds,
		chart,
		imageSource,
		standIns,
	}: Summary,
	picture?: Buffer,
): string {
	const rows = promises.map(
		(row) => html`<tr>
<td>${row.sentence}${row.correction && html`<br><small>measured: ${row.correction}</small>`}${row.asInstalled && html`<br><small>decided by ${row.asInstalled}</small>`}</td>
<td>${row.claim}</td>
<td class="${row.status.replace(" ", "-")}">${row.status === "skipped" ? "not tested" : row.status}</td>
<td>${row.seconds.toFixed(1)} s</td>
</tr>
`,
	);
	return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What the homelab promises: ${verdict}</title>
<style>${new Html(style)}</style>
</head>
<body>
<h1>What the homelab promises: <span class="${verdict}">${verdict}</span></h1>
<p>${new Date(startedAt).toUTCString()}, ${seconds.toFixed(0)} s; ${chart && `chart ${chart.name} ${chart.version} (${chart.source}); `}images: ${imageSource ?? "none"}</p>
<table>
<tr><th>promise</th><th>claim</th><th>status</th><th>time</th></tr>
${rows}</table>
${promises.some(({ status }) => status === "skipped") && html`<p>Promises that were skipped are tested by <code>npm run e2e</code> with or without <code>--faults</code>, or cannot be tested with this chart and these images.</p>`}
${promises.some(({ status }) => status === "as installed") && html`<p>“As installed”: something of this project decides it, not the homelab's values or chart. The parts work together like that; whether a homelab has set them up like that is not shown.</p>`}
${standIns.length > 0 && html`<h2>Stand-ins: what differs from a real homelab</h2><ul>${standIns.map((each) => html`<li>${each}</li>`)}</ul>`}
${picture && html`<h2>Grafana in a browser</h2><img alt="a dashboard" src="data:image/png;base64,${picture.toString("base64")}">`}
</body>
</html>
`.text;
}
