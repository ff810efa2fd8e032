import { describe, expect, test } from "vitest";
import { labelSelector } from "../clients/label-selector.ts";
import {
	chooseRulePlace,
	type RuleSelection,
	ruleSelection,
} from "./rule-place.ts";

const nameLabel = "kubernetes.io/metadata.name";
const candidates = ["e2e-7f3a", "monitoring"].map((name) => ({
	name,
	labels: { [nameLabel]: name },
}));
const everything = labelSelector.parse({});
const choose = (selection: Partial<RuleSelection>) =>
	chooseRulePlace(
		{
			ruleSelector: everything,
			ruleNamespaceSelector: everything,
			operatorArgs: [],
			...selection,
		},
		"monitoring",
		candidates,
	);

describe("a planted rule is where Prometheus takes rules from", () => {
	test("in a namespace of its own, if it takes all", () => {
		expect(choose({})).toEqual({ namespace: "e2e-7f3a", labels: {} });
	});

	test.each([
		{
			ruleNamespaceSelector: labelSelector.parse({
				matchLabels: { [nameLabel]: "monitoring" },
			}),
		},
		{ ruleNamespaceSelector: undefined },
		{ operatorArgs: ["--namespaces=loki,monitoring"] },
		{ operatorArgs: ["--deny-namespaces=e2e-7f3a"] },
	])("in the stack's, if it takes them from some: %j", (selection) => {
		expect(choose(selection).namespace).toBe("monitoring");
	});

	test("with the labels that it selects rules by", () => {
		const ruleSelector = labelSelector.parse({
			matchLabels: { release: "kube-prometheus-stack" },
			matchExpressions: [
				{ key: "role", operator: "In", values: ["alert", "record"] },
				{ key: "team", operator: "Exists" },
				{ key: "draft", operator: "DoesNotExist" },
				{ key: "stage", operator: "NotIn", values: ["test"] },
			],
		});
		expect(choose({ ruleSelector }).labels).toEqual({
			release: "kube-prometheus-stack",
			role: "alert",
			team: "true",
		});
	});
});

test("a selector that is not there is not an empty one", () => {
	expect(ruleSelection.parse({ ruleSelector: {} })).toEqual({
		ruleSelector: everything,
	});
});

test("a Prometheus that takes no rule is refused, with the reason", () => {
	expect(() => choose({ ruleSelector: undefined })).toThrow(
		"it has no ruleSelector",
	);
	const loki = labelSelector.parse({ matchLabels: { [nameLabel]: "loki" } });
	expect(() => choose({ ruleNamespaceSelector: loki })).toThrow(
		`with the ruleNamespaceSelector ${nameLabel}=loki it takes no rule from e2e-7f3a and monitoring`,
	);
	expect(() => choose({ operatorArgs: ["--namespaces=loki"] })).toThrow(
		"with the ruleNamespaceSelector {}, and --namespaces=loki of the operator, it takes no rule",
	);
	const never = labelSelector.parse({
		matchLabels: { role: "alert" },
		matchExpressions: [{ key: "role", operator: "DoesNotExist" }],
	});
	expect(() => choose({ ruleSelector: never })).toThrow("selects nothing");
});
