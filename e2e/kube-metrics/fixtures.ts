import { z } from "zod";
import { kubeObject, type Pod, pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { labels } from "../common/labels.ts";
import { tidyUp } from "../common/tidy-up.ts";
import { test as base, makeUniqueName } from "../test.ts";
import type { ObjectComparison } from "./compare-objects.ts";
import { listJudged } from "./judged-namespaces.ts";
import { makeHeldRevision, makePlanted, planted } from "./planting.ts";
import { explainState } from "./state/explain-state.ts";
import { readStateSource, type StateSource } from "./state/state-source.ts";
import { type FactSeries, factLabels, waitForTruth } from "./truth.ts";

const deployment = kubeObject.extend({
	status: z
		.looseObject({
			availableReplicas: z.number().default(0),
			updatedReplicas: z.number().default(0),
		})
		.prefault({}),
});

/** The claims' `test` with a namespace in which some things do not work, planted once for the file. */
export const test = base
	.extend(
		"troubled",
		{ scope: "file" },
		async ({ kube, environment }, { onCleanup }) => {
			const namespace = makeUniqueName(environment);
			onCleanup(
				tidyUp(`deletion of namespace ${namespace}`, () =>
					kube.deleteNamespace(namespace),
				),
			);
			await kube.createNamespace(namespace, {
				[labels.run]: environment.runId,
			});
			await kube.apply(makePlanted(namespace, environment.images.node));
			await waitUntilTroubled(kube, namespace);
			// Not before: a Deployment that is paused gets no first pod either.
			await kube.apply([makeHeldRevision(namespace, environment.images.node)]);
			await waitUntilHeld(kube, namespace);
			return namespace;
		},
	)
	.extend("source", { scope: "file" }, ({ kube, prometheus, environment }) =>
		readStateSource(kube, prometheus, environment.namespace),
	)
	/** Waits until the series of all objects of a kind agree with the cluster. */
	.extend(
		"waitForObjects",
		{ scope: "file" },
		({ kube, prometheus, troubled, source }) =>
			(what: string, objects: ObjectComparison) =>
				waitForTruth(
					what,
					budgets.objectState,
					async () => {
						const namespaces = await listJudged(kube, troubled, source.scope);
						return objects.compare(kube, prometheus, namespaces);
					},
					(missing) => explainFacts(source, missing, objects),
				),
	)
	/** Waits until the series of kube-state-metrics agree with the truth. */
	.extend(
		"waitForState",
		{ scope: "file" },
		({ source }) =>
			(
				what: string,
				of: FactSeries,
				read: Parameters<typeof waitForTruth>[2],
			) =>
				waitForTruth(what, budgets.objectState, read, (missing) =>
					explainFacts(source, missing, of),
				),
	);

function explainFacts(
	source: StateSource,
	missing: readonly string[],
	of: FactSeries,
): string[] {
	return explainState(
		source,
		missing.map((fact) => factLabels(fact, of)),
	);
}

/** Waits until the planted pods and Deployments are in the state that they will stay in. */
async function waitUntilTroubled(
	kube: KubeClient,
	namespace: string,
): Promise<void> {
	await eventually(
		`in ${namespace} a pod is in CrashLoopBackOff, one Deployment is short of replicas and one is not`,
		budgets.rollout,
		async () => {
			const crashing = await kube.get(
				{ apiVersion: "v1", kind: "Pod", namespace, name: planted.crashing },
				pod,
			);
			const deployments = await kube.list(
				{ apiVersion: "apps/v1", kind: "Deployment", namespace },
				deployment,
			);
			const reason = waitingReasonOf(crashing);
			const behind = deployments.filter(
				({ status }) => status.availableReplicas < 1,
			);
			if (reason !== "CrashLoopBackOff" || behind.length > 0)
				return notYet(
					`pod ${planted.crashing} waits because of ${reason}; ${behind.length} of ${deployments.length} Deployments have no available replica`,
				);
		},
	);
}

/** Waits until a Deployment's available pod is of an older revision than the newest. */
async function waitUntilHeld(
	kube: KubeClient,
	namespace: string,
): Promise<void> {
	await eventually(
		`in ${namespace} the newest revision of a Deployment has no replica`,
		budgets.rollout,
		async () => {
			const { status } = await kube.get(
				{
					apiVersion: "apps/v1",
					kind: "Deployment",
					namespace,
					name: planted.held,
				},
				deployment,
			);
			const { availableReplicas, updatedReplicas } = status;
			if (availableReplicas !== 1 || updatedReplicas !== 0)
				return notYet(
					`of Deployment ${planted.held} ${availableReplicas} are available and ${updatedReplicas} updated`,
				);
		},
	);
}

function waitingReasonOf({ status }: Pod): string | undefined {
	return status.containerStatuses[0]?.state.waiting?.reason;
}
