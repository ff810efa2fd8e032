import { expect, test } from "vitest";
import { SetUpError } from "../../../common/errors.ts";
import { installByHelm } from "./install-by-helm.ts";
import { startStandInCluster } from "./stand-in/cluster.ts";

const job = (name: string, annotations: Record<string, string>) => ({
	...{ apiVersion: "batch/v1", kind: "Job" },
	metadata: { name, annotations },
});
const hook = { "helm.sh/hook": "pre-upgrade" };
const complete = { conditions: [{ type: "Complete", status: "True" }] };

async function failWith(message: string) {
	const { kube } = await startStandInCluster([
		job("crds-upgrade", hook),
		{ ...job("done", hook), status: complete },
		job("other", {}),
		{ apiVersion: "v1", kind: "Pod", metadata: { name: "crds-upgrade-x" } },
	]);
	const fail = () => Promise.reject(new SetUpError(message));
	const chart = {
		crds: "",
		helm: {
			...{ install: fail, revision: fail, rollback: fail },
			...{ render: fail, crds: fail },
		},
	};
	return installByHelm(chart, {
		...{ kube, namespace: "monitoring", kubeVersion: "1.34.1", kubeconfig: "" },
		charts: { from: chart, to: chart },
		connectKubectl: fail,
		waitUntilHealthy: fail,
		stage: (_, action) => action(),
	}).catch(String);
}

test("of a hook that failed, what its log says is told", async () => {
	expect(await failWith("pre-upgrade hooks failed: no")).toBe(
		"SetUpError: pre-upgrade hooks failed: no; the log of crds-upgrade says: one; two",
	);
});

test("any other failure is Helm's own", async () => {
	expect(await failWith("field is immutable")).toBe(
		"SetUpError: field is immutable",
	);
});
