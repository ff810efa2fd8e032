import { expect, test } from "vitest";
import { stringify } from "yaml";
import {
	findRelabelledAlerts,
	readRulerRelabelling,
} from "./relabelled-alerts.ts";

const judge = (...steps: object[]) =>
	findRelabelledAlerts(
		readRulerRelabelling(
			stringify({ ruler: { alert_relabel_configs: steps } }),
		),
		[
			{ alertname: "Failing", severity: "warning" },
			{ alertname: "Noted", severity: "info" },
		],
	).join("\n");

test.each([
	[
		"a namespace",
		{ source_labels: ["namespace"], regex: "media", action: "drop" },
		/Loki drops some by alert relabelling \(drop of namespace matching media\); such as namespace="media", alertname="AnyAlert", severity="critical"/,
	],
	[
		"all but some namespaces",
		{
			source_labels: ["namespace"],
			regex: "media-(dev|prod)",
			action: "keep",
		},
		/Loki drops some by alert relabelling \(keep of namespace/,
	],
	[
		"a loaded alert",
		{ source_labels: ["alertname"], regex: "Fail.+", action: "drop" },
		/drops some .*alertname="Failing"/,
	],
])("what the ruler drops is found: %s", (_, step, message) => {
	expect(judge(step)).toMatch(message);
});

test.each([
	["a copy", { action: "replace" }, "media"],
	["lowercase", { action: "lowercase" }, "media"],
	["a part", { regex: "(.+)-dev", action: "replace" }, "media"],
	["a hash", { modulus: 8, action: "hashmod" }, "3"],
])(
	"what the ruler drops by what it made of a label is found: %s",
	(_, make, regex) => {
		expect(
			judge(
				{ source_labels: ["namespace"], target_label: "__tmp", ...make },
				{ source_labels: ["__tmp"], regex, action: "drop" },
			),
		).toMatch(/drops some .*, made of namespace\); such as namespace=/);
	},
);

test.each(["0", "1", "2", "3"])(
	"alerts dropped by a hash of their name are found: %s",
	(regex) => {
		const [hash, drop] = [
			{
				source_labels: ["alertname"],
				target_label: "__tmp",
				modulus: 4,
				action: "hashmod",
			},
			{ source_labels: ["__tmp"], regex, action: "drop" },
		];
		expect(judge(hash, drop)).toMatch(/drops some .*made of alertname/);
	},
);

test("what the ruler changes is found if alerts are routed by it", () => {
	expect(judge({ regex: "severity", action: "labeldrop" })).toMatch(
		/removes label severity, by which they are routed/,
	);
	expect(judge({ regex: "filename", action: "labeldrop" })).toBe("");
	expect(
		judge({ source_labels: ["severity"], regex: "info", action: "drop" }),
	).toBe("");
	expect(judge()).toBe("");
});

test("what the limits say of Alertmanager replaces what the ruler says", () => {
	const drop = {
		alert_relabel_configs: [{ source_labels: ["a"], action: "drop" }],
	};
	const read = (limits: object | undefined, ruler: object) =>
		readRulerRelabelling(stringify({ limits_config: limits, ruler })).length;
	expect(read(undefined, drop)).toBe(1);
	expect(read({ ruler_alertmanager_config: null }, drop)).toBe(1);
	expect(read({ ruler_alertmanager_config: {} }, drop)).toBe(0);
	expect(read({ ruler_alertmanager_config: drop }, {})).toBe(1);
});
