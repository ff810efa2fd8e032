import { expect, test } from "vitest";
import { stringify } from "yaml";
import { refuseForeignTemplates } from "./foreign-templates.ts";

const configMap = (name: string) => ({
	apiVersion: "v1",
	kind: "ConfigMap",
	metadata: { name },
});
const check = (spec: object, config: string, ...others: readonly object[]) =>
	refuseForeignTemplates(
		[
			{
				apiVersion: "monitoring.coreos.com/v1",
				kind: "Alertmanager",
				metadata: { name: "x" },
				spec,
			},
			{
				apiVersion: "v1",
				kind: "Secret",
				metadata: { name: "alertmanager-x" },
				stringData: { "alertmanager.yaml": config },
			},
			...others,
		]
			.map((each) => stringify(each))
			.join("---\n"),
	);
const operators = { configMaps: ["words"] };
const ofOperator = "templates: [/etc/alertmanager/configmaps/words/*.tmpl]";

test("templates of a ConfigMap that is not there are refused by name", () => {
	expect(() => check(operators, ofOperator)).toThrow(
		/^Alertmanager reads \/etc\/alertmanager\/configmaps\/words\/\*\.tmpl from ConfigMap words, which the values do not contain/,
	);
	const mounted = {
		volumes: [{ name: "w", configMap: { name: "words" } }],
		volumeMounts: [{ name: "w", mountPath: "/etc/words/" }],
	};
	expect(() => check(mounted, "templates: ['/etc/words/a.tmpl']")).toThrow(
		/ConfigMap words/,
	);
});

test.each([
	["templates that are there", ofOperator, [configMap("words")]],
	["an authority", "ca_file: /etc/alertmanager/configmaps/words/ca.crt", []],
	["templates elsewhere", "templates: [/etc/alertmanager/config/*.tmpl]", []],
])("%s are fine", (_, config, others) => {
	expect(() => check(operators, config, ...others)).not.toThrow();
});
