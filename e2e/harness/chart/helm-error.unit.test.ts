import { expect, test } from "vitest";
import { BadInputError, SetUpError } from "../../common/errors.ts";
import { HelmError, helmFailure } from "./helm-error.ts";

test("values that the schema refuses are bad input, and the error names the chart, the files and Helm's reasons", () => {
	const error = helmFailure(
		{
			args: ["template", "monitoring", "/chart"],
			chart: "the new chart (79.12.0)",
			values: ["homelab.yaml", "mine.yaml"],
		},
		{
			exitCode: 1,
			stderr: `WARNING: Kubernetes configuration file is group-readable
E1129 17:36:48.726090      47 memcache.go:403] "Couldn't get resource list" err="not found"
Error: values don't meet the specifications of the schema(s) in the following chart(s):
kube-prometheus-stack:
- (root): Additional property prometheuss is not allowed
`,
		},
	);
	expect(error).toBeInstanceOf(BadInputError);
	expect(error.message).toBe(
		`helm template failed for the new chart (79.12.0) with homelab.yaml, mine.yaml: values don't meet the specifications of the schema(s) in the following chart(s):
  kube-prometheus-stack:
  - (root): Additional property prometheuss is not allowed`,
	);
	expect(error.cause).toBeInstanceOf(HelmError);
	expect(error.cause).toMatchObject({
		command: "helm template monitoring /chart",
		args: ["template", "monitoring", "/chart"],
		exitCode: 1,
		chart: "the new chart (79.12.0)",
		values: ["homelab.yaml", "mine.yaml"],
		lines: { length: 3 },
	});
});

test.each([
	"cannot load values.yaml: error converting YAML to JSON: yaml: document contains excessive aliasing",
	'PodDisruptionBudget.policy "alertmanager" is invalid: spec: minAvailable and maxUnavailable cannot be both set',
	"cannot load Chart.yaml: error converting YAML to JSON: yaml: document contains excessive aliasing",
])("a chart that cannot be loaded is bad input: %s", (reason) => {
	const error = helmFailure(
		{ args: ["template"] },
		{ exitCode: 1, stderr: `Error: ${reason}\n` },
	);
	expect(error).toBeInstanceOf(BadInputError);
	expect(error.message).toBe(`helm template failed: ${reason}`);
});

test("a refusal by the cluster or the network is not bad input", () => {
	const error = helmFailure(
		{ args: ["upgrade"] },
		{
			exitCode: 1,
			stderr: "Error: UPGRADE FAILED: another operation is in progress\n",
		},
	);
	expect(error).toBeInstanceOf(SetUpError);
	expect(error.message).toBe(
		"helm upgrade failed: UPGRADE FAILED: another operation is in progress",
	);
});

test("an error without a word from Helm names the exit code", () => {
	const call = { args: ["pull"], chart: "the old chart oci://charts/x" };
	expect(helmFailure(call, { exitCode: 137, stderr: "" }).message).toBe(
		"helm pull failed for the old chart oci://charts/x: exit code 137",
	);
});
