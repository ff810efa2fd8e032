import { uniqBy } from "es-toolkit";
import { monitoringV1 } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { type Workload, waitForRollout } from "../../clients/rollout.ts";
import { budgets } from "../../common/budgets.ts";
import { eventually, notYet } from "../../common/eventually.ts";
import { findUnreconciled, operatedKinds } from "./unreconciled.ts";

const workloads = ["Deployment", "StatefulSet", "DaemonSet"] as const;

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
	const expected = await Promise.all(
		operatedKinds.map(async (kind) => {
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
	const own = expected.flat();
	const all = uniqBy(
		[...own, ...installed.flat()],
		({ kind, name }) => `${kind}/${name}`,
	);
	await Promise.all(
		all.map(async (each) => {
			if (own.includes(each)) await waitUntilMade(kube, each);
			await waitForRollout(kube, each);
		}),
	);
}

/** Waits until the operator has made a StatefulSet. It makes none for an object that it refuses. */
async function waitUntilMade(
	kube: KubeClient,
	{ kind, namespace, name }: Workload,
): Promise<void> {
	await eventually(
		`the operator has made ${kind} ${namespace}/${name}`,
		budgets.rollout,
		async () => {
			const made = await kube.list({ apiVersion: "apps/v1", kind, namespace });
			if (made.some(({ metadata }) => metadata.name === name)) return;
			const refusals = await findUnreconciled(kube, namespace);
			return notYet(refusals.join("; ") || "it has not, and does not say why");
		},
	);
}
