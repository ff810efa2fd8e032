import { expect, test } from "vitest";
import { parse } from "yaml";
import { makeInput, withNamespace, wordsOf } from "./kubectl.ts";

test("kubectl's own words are left of its errors", () => {
	const stderr = `Warning: resource configmaps/a is missing the annotation
Error from server (Invalid): error when applying patch:
{"spec":{"selector":{"matchLabels":{"a":"b"}}}}
to:
Resource: "apps/v1, Resource=deployments", GroupVersionKind: "apps/v1, Kind=Deployment"
Name: "a", Namespace: "monitoring"
for: "STDIN": error when patching "STDIN": Deployment.apps "a" is invalid: spec.selector: Invalid value: field is immutable
Error from server (Invalid): error when creating "STDIN": CustomResourceDefinition.apiextensions.k8s.io "b" is invalid: metadata.annotations: Too long: may not be more than 262144 bytes
`;
	expect(wordsOf(stderr)).toBe(
		'Deployment.apps "a" is invalid: spec.selector: Invalid value: field is immutable; Error from server (Invalid): CustomResourceDefinition.apiextensions.k8s.io "b" is invalid: metadata.annotations: Too long: may not be more than 262144 bytes',
	);
	expect(wordsOf("\n")).toBe("it said nothing");
	expect(wordsOf("x".repeat(700))).toBe(`${"x".repeat(600)}...`);
});

test("objects without a namespace go to that of the kubeconfig", () => {
	const kubeconfig = "contexts:\n- name: a\n  context: {cluster: c, user: u}\n";
	expect(parse(withNamespace(kubeconfig, "monitoring"))).toEqual({
		contexts: [
			{
				name: "a",
				context: { cluster: "c", user: "u", namespace: "monitoring" },
			},
		],
	});
});

test("each object is a document of its own", () => {
	const object = { apiVersion: "v1", kind: "A", metadata: { name: "a" } };
	const line = `${JSON.stringify(object)}\n`;
	expect(makeInput([object, object])).toBe(line + line);
});
