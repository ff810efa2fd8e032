import { SemVer } from "semver";
import { expect, test } from "vitest";
import { makeReason } from "../../reasons.ts";
import { makeSide } from "../cases/read-cases.ts";
import type { Side } from "../charts/side.ts";
import {
	type CheckPrometheus,
	findRefusedByPrometheus,
} from "./prometheus-check.ts";

const prometheus = {
	kind: "Prometheus",
	name: "p",
	spec: {
		ruleSelector: { matchLabels: { own: "yes" } },
		additionalScrapeConfigs: { name: "jobs", key: "jobs.yaml" },
	},
};

function sideOf(
	half: { rules?: object[]; jobs?: string; labels?: Record<string, string> },
	version = "3.5.0",
): Side {
	const { rules = [], jobs, labels = { own: "yes" } } = half;
	return makeSide([prometheus], {
		images: [`quay.io/prometheus/prometheus:v${version}`],
		objects: [
			{
				...{ kind: "PrometheusRule", name: "own", labels },
				spec: { groups: [{ name: "g", interval: null, rules }] },
			},
			...(jobs === undefined
				? []
				: [
						{ kind: "Secret", name: "jobs", stringData: { "jobs.yaml": jobs } },
					]),
		],
	});
}

/** A promtool that says what a text has after `wrong:`, and what it was asked. */
function makeCheck() {
	const asked: string[] = [];
	const check: CheckPrometheus = {
		version: new SemVer("3.5.0"),
		rules: async (files, features) => {
			asked.push(...Object.values(files), ...features);
			return new Map(
				Object.entries(files).flatMap(([name, text]) =>
					[...text.matchAll(/wrong: ([^"]+)/g)].map(([, said = ""]) => [
						name,
						[`group "g", rule 1, "A": ${said.replaceAll("'", '"')}`],
					]),
				),
			);
		},
		configuration: async (text) => {
			asked.push(text);
			return /wrong: ([^"]+)/.exec(text)?.[1];
		},
	};
	return { asked, check };
}

const rule = (expr: unknown) => ({ alert: "A", expr, labels: { a: 1 } });

async function idsOf(a: Side, b: Side) {
	const found = await findRefusedByPrometheus(a, b, makeCheck().check, []);
	return found.map(({ id, subject }) => `${id} ${subject}`);
}

test("a rule and a job that are refused now are told", async () => {
	const jobs = "[{ job_name: a }]";
	expect(
		await idsOf(
			sideOf({ rules: [rule("up")], jobs }),
			sideOf({
				rules: [rule("wrong: no")],
				jobs: "[{ job_name: 'wrong: b' }]",
			}),
		),
	).toEqual([
		"expression-refused PrometheusRule/monitoring/own A",
		"prometheus-refused Prometheus/monitoring/p",
	]);
});

test.each([
	[
		"refused for the same before",
		sideOf({ rules: [rule("wrong: no")], jobs: "[wrong: b]" }),
		sideOf({ rules: [rule("1 + wrong: no")], jobs: "[wrong: b, a]" }),
	],
	[
		"not selected by Prometheus",
		sideOf({}),
		sideOf({ rules: [rule("wrong: no")], labels: { own: "no" } }),
	],
	[
		"a function that only another version has",
		sideOf({}, "3.9.0"),
		sideOf(
			{ rules: [rule("wrong: unknown function with name 'max_of'")] },
			"3.9.0",
		),
	],
	[
		"a placeholder, and nobody knows what it stands for",
		sideOf({}),
		sideOf({ jobs: "[{ job_name: 'wrong: placeholder-a is no URL' }]" }),
	],
])("nothing is said of what is %s", async (_, a, b) => {
	expect(await idsOf(a, b)).toEqual([]);
});

test("a function that this version does not have is told", async () => {
	const rules = [rule("wrong: unknown function with name 'max_of'")];
	expect(await idsOf(sideOf({}), sideOf({ rules }))).toHaveLength(1);
});

test("what only a version that nobody compared may know is for a person to decide", async () => {
	const jobs = "[{ job_name: 'wrong: field a not found in type b' }]";
	const found = await findRefusedByPrometheus(
		sideOf({}, "3.99.0"),
		sideOf({ jobs }, "3.99.0"),
		makeCheck().check,
		[],
	);
	expect(found).toMatchObject([
		{
			danger: "review",
			what: expect.stringMatching(/promtool 3\.5\.0 .* 3\.99\.0 may know it/),
		},
	]);
});

test("promtool is only asked about what changes, as the operator writes it", async () => {
	const { asked, check } = makeCheck();
	const same = sideOf({ rules: [rule("up")], jobs: "[{ job_name: a }]" });
	await findRefusedByPrometheus(same, same, check, []);
	expect(asked).toEqual([]);
	await findRefusedByPrometheus(
		sideOf({}),
		sideOf({ rules: [rule(1)] }),
		check,
		[],
	);
	expect(asked.map((text) => JSON.parse(text))).toEqual([
		{
			groups: [
				{ name: "g", rules: [{ alert: "A", expr: "1", labels: { a: "1" } }] },
			],
		},
		{ groups: [{ name: "g", rules: [] }] },
	]);
});

test("a rule that does not parse here is told once", async () => {
	const { check } = makeCheck();
	const known = makeReason(
		"expression-refused",
		"PrometheusRule/monitoring/own A",
		"",
	);
	const now = sideOf({ rules: [rule("wrong: no")] });
	expect(
		await findRefusedByPrometheus(sideOf({}), now, check, [known]),
	).toEqual([]);
});

test("a configuration has the intervals, and where samples go, as the operator writes them", async () => {
	const { asked, check } = makeCheck();
	const side = (spec: object) =>
		makeSide([], { objects: [{ kind: "Prometheus", name: "p", spec }] });
	await findRefusedByPrometheus(
		side({}),
		side({
			scrapeTimeout: "60s",
			remoteWrite: [
				{
					url: "http://a",
					bearerToken: "not-a-secret",
					writeRelabelConfigs: [
						{ sourceLabels: ["__name__"], regex: "go_(.*", action: "Drop" },
						{ targetLabel: "a", replacement: "b" },
					],
				},
			],
		}),
		check,
		[],
	);
	expect(asked.map((text) => JSON.parse(text))).toEqual([
		{
			global: { scrape_interval: "30s", scrape_timeout: "60s" },
			scrape_configs: [],
			remote_write: [
				{
					url: "http://a",
					write_relabel_configs: [
						{ source_labels: ["__name__"], regex: "go_(.*", action: "drop" },
						{ target_label: "a", replacement: "b" },
					],
				},
			],
			alerting: { alertmanagers: [], alert_relabel_configs: [] },
		},
	]);
});
