import { uniqBy } from "es-toolkit";
import { monitoringV1 } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { type Workload, waitForRollout } from "../../clients/rollout.ts";

const workloads = ["Deployment", "StatefulSet", "DaemonSet"] as const;
const operated = ["Prometheus", "Alertmanager"] as const;

/** Waits until everything that the chart installed, and everything that the operator creates for it, is rolled out. */
export async function waitForStack(
	kube: KubeClient,
	namespace: string,
): Promise<void> {
	const installed = await Promise.all(
		workloads.map(async (kind) => {
			const found = await kube.list({ apiVersion: "apps/v1", kind, namespace });
			return found.map(
				({ metadata: { name } }): Workload => ({ kind, namespace, name }),
			);
		}),
	);
	// The operator may not have created these StatefulSets yet.
	const expected = await Promise.all(
		operated.map(async (kind) => {
			const found = await kube.list({
				apiVersion: monitoringV1,
				kind,
				namespace,
			});
			return found.map(
				({ metadata: { name } }): Workload => ({
					kind: "StatefulSet",
					namespace,
					name: `${kind.toLowerCase()}-${name}`,
				}),
			);
		}),
	);
	const all = uniqBy(
		[...installed.flat(), ...expected.flat()],
		({ kind, name }) => `${kind}/${name}`,
	);
	await Promise.all(all.map((each) => waitForRollout(kube, each)));
}
