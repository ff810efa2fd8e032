import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { KubeClient } from "../../e2e/clients/kubernetes.ts";
import {
	refuseExposed,
	writeReportFile,
} from "../../e2e/common/output/report-file.ts";
import { beginManifest } from "../../e2e/common/output/report-manifest.ts";
import { Progress } from "../../e2e/common/progress.ts";
import { cleanAll, cutAfter } from "../../e2e/common/secrecy/redact.ts";
import { containsSecret } from "../../e2e/common/secrecy/search.ts";
import { collectEvidence } from "../../e2e/harness/claims/evidence.ts";
import { renderClaimsJunit } from "../../e2e/harness/claims/junit.ts";
import type { ClaimResult, Summary } from "../../e2e/harness/claims/summary.ts";
import { renderSummary, writeReport } from "../../e2e/harness/report/report.ts";
import { withReport } from "../../e2e/harness/report/reporting.ts";
import { Verdicts } from "../../e2e/mutations/verdicts.ts";
import { makeReason } from "../../e2e/upgrade/reasons.ts";
import type { UpgradeReport } from "../../e2e/upgrade/report/contents.ts";
import { renderText } from "../../e2e/upgrade/report/text.ts";
import { writeUpgradeReport } from "../../e2e/upgrade/report/write.ts";
import { startCarelessApi } from "./careless-api.ts";
import { plantedValues, secretByPlace, secrets } from "./secrets.ts";

/** Of the cluster's own: what External Secrets writes, for example. */
const inCluster = "planted-in-cluster-f59";
/** What a failure says of values, with what a terminal would obey: whole, and as JSON. */
const said = [
	`\u001b]0;title\u0007\u001b[31m${secrets.join(" \r ")}`,
	JSON.stringify(secrets),
	`x`.repeat(100) + secrets.join("\n"),
].join("\n");
// biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

let dir = "";
let api: Server;
const lines: string[] = [];

beforeAll(async () => {
	dir = await mkdtemp(join(tmpdir(), "o11y-e2e-planted-"));
	await beginManifest(dir, "a test");
	for (const way of ["log", "error"] as const)
		vi.spyOn(console, way).mockImplementation((line) => lines.push(line));
	api = await startCarelessApi(said, inCluster);
});
afterAll(async () => {
	vi.restoreAllMocks();
	api.close();
	await rm(dir, { recursive: true });
});

const claim: ClaimResult = {
	id: "scrape-targets",
	title: "a claim",
	status: "refuted",
	seconds: 1,
	message: said,
	notes: [said],
	missing: [],
	tests: [
		{
			title: "one",
			status: "refuted",
			seconds: 1,
			message: said,
			correction: "",
		},
		{
			title: "every loaded scrape configuration has an interval of 60 s",
			status: "corrected",
			seconds: 1,
			message: "",
			correction: said,
		},
	],
};

test("every kind of report is written while the values have secrets wherever people put them", async () => {
	const file = join(dir, "values-of-a-person.yaml");
	await writeFile(file, plantedValues);
	const progress = new Progress();
	const failed = withReport(
		join(dir, "run"),
		[file],
		progress,
		async (record) => {
			progress.say(said);
			progress.say(cutAfter(`x${secretByPlace.environment}`, 10));
			record.claims = [claim];
			throw new Error(said);
		},
	);
	await expect(failed).rejects.toThrow();
	await rm(file);
	await writeReportFile(
		join(dir, "junit.xml"),
		renderClaimsJunit(cleanAll([claim])),
	);
	const contents = await writeReport(join(dir, "whole"), {
		...JSON.parse(await readFile(join(dir, "run", "summary.json"), "utf8")),
		claims: [claim],
		warnings: [said],
		message: said,
	} satisfies Summary);
	await writeReportFile(join(dir, "table.txt"), renderSummary(contents, dir));
});

test("an upgrade's report is written in all its forms", async () => {
	const report = await writeUpgradeReport(join(dir, "upgrade"), upgrade);
	const text = renderText(report, 40);
	await writeReportFile(join(dir, "upgrade", "terminal.txt"), text);
});

test("mutations.json is written", async () => {
	const verdicts = new Verdicts(new Progress(), dir, 1);
	await verdicts.add({
		id: "m",
		kind: "claims",
		mustRefute: ["c"],
		outcome: "missed",
		message: said,
		seconds: 1,
		together: [],
		report: "m",
		missing: [],
	});
	await writeReportFile(join(dir, "mutations.txt"), verdicts.render());
});

test("evidence of a cluster is collected", async () => {
	const { port } = api.address() as AddressInfo;
	const kube = KubeClient.fromKubeconfig(
		JSON.stringify({
			apiVersion: "v1",
			kind: "Config",
			"current-context": "c",
			contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
			clusters: [
				{ name: "c", cluster: { server: `http://127.0.0.1:${port}` } },
			],
			users: [{ name: "u", user: {} }],
		}),
	);
	await collectEvidence(kube, "monitoring", join(dir, "evidence", "c"));
	await kube.close();
	const log = join(dir, "evidence", "c", "logs", "apps", "p", "c.log");
	expect(await readFile(log, "utf8")).toContain("<blanked>");
});

// Last, because it reads what the others have written.
test("no secret is in any file or on the terminal, and no control character", async () => {
	const texts = new Map([["terminal", lines.join("\n")]]);
	for (const entry of await readdir(dir, {
		recursive: true,
		withFileTypes: true,
	})) {
		const path = join(entry.parentPath, entry.name);
		if (entry.isFile())
			texts.set(relative(dir, path), await readFile(path, "utf8"));
	}
	const showing = [...texts].flatMap(([path, text]) =>
		/blanked/.test(text) ? [path] : [],
	);
	expect(showing).toEqual(
		expect.arrayContaining([
			"terminal",
			"junit.xml",
			"mutations.json",
			"mutations.txt",
			"run/promises.html",
			"run/run.log",
			"run/summary.json",
			"table.txt",
			"upgrade/junit.xml",
			"upgrade/report.html",
			"upgrade/report.json",
			"upgrade/report.md",
			"upgrade/terminal.txt",
			"whole/summary.json",
			"evidence/c/logs/apps/p/c.log",
			"evidence/c/resources/Pod.yaml",
		]),
	);
	for (const [path, text] of texts) {
		const found = [...secrets, inCluster].filter((each) =>
			containsSecret(text, [each]),
		);
		expect(found, path).toEqual([]);
		// A part of a secret that was cut or wrapped.
		expect(text, path).not.toMatch(
			/xpl|planted-in|_9f3|quotes-7|brackets&?|hunt3r|phrase|InPrivate/,
		);
		expect(text, path).not.toMatch(controls);
	}
	await refuseExposed(dir);
});

const chart = {
	name: "77.14.0",
	source: "upstream",
	version: "77.14.0",
	appVersion: "v0.85.0",
	values: ["values.yaml"],
};
const upgrade: UpgradeReport = {
	verdict: "unsafe",
	depth: "full",
	startedAt: "2026-01-01T00:00:00.000Z",
	seconds: 7,
	patience: 1,
	from: chart,
	to: chart,
	kubeVersion: "1.34.1",
	clusterVersion: "1.34.1",
	steps: [],
	reasons: [
		makeReason("value-no-longer-read", "a.b", said, {
			evidence: [said],
			consequences: [makeReason("uploads-lost", said, said)],
		}),
		makeReason("image-changed", "quay.io/a", said),
	],
	standIns: [said],
	unknown: [],
	madeUp: [said],
	claims: [claim],
	images: [{ repository: said, before: "1", after: "2" }],
	crds: [],
	commands: [`helm upgrade --set x=${secretByPlace.quotes}`],
	phases: [],
};
