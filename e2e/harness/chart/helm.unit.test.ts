import { expect, test } from "vitest";
import { BadInputError, SetUpError } from "../../common/errors.ts";
import { helmError } from "./helm.ts";

test("what values are to blame for is bad input", () => {
	const error = helmError(
		"template",
		`WARNING: Kubernetes configuration file is group-readable
Error: values don't meet the specifications of the schema(s) in the following chart(s):
kube-prometheus-stack:
- (root): Additional property prometheuss is not allowed
`,
	);
	expect(error).toBeInstanceOf(BadInputError);
	expect(error.message).toBe(
		"helm template failed: values don't meet the specifications of the schema(s) in the following chart(s): kube-prometheus-stack: - (root): Additional property prometheuss is not allowed",
	);
});

test("what the cluster or the network is to blame for is not", () => {
	const error = helmError(
		"upgrade",
		"Error: UPGRADE FAILED: another operation is in progress\n",
	);
	expect(error).toBeInstanceOf(SetUpError);
	expect(error.message).toBe(
		"helm upgrade failed: UPGRADE FAILED: another operation is in progress",
	);
});
