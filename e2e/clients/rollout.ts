import { z } from "zod";
import { budgets } from "../common/budgets.ts";
import { eventually, HopelessError, notYet } from "../common/eventually.ts";
import { type Event, kubeObject, type Pod, pod } from "./kube-objects.ts";
import type { KubeClient } from "./kubernetes.ts";
import { formatSelector, labelSelector } from "./label-selector.ts";
import { explainPod, type PodTrouble, type Restarts } from "./pod-trouble.ts";

export interface Workload {
	readonly kind: "Deployment" | "StatefulSet" | "DaemonSet";
	readonly namespace: string;
	readonly name: string;
}

const count = z.number().default(0);
const workload = kubeObject.extend({
	spec: z.looseObject({
		replicas: z.number().default(1),
		selector: labelSelector,
	}),
	status: z
		.looseObject({
			observedGeneration: count,
			replicas: count,
			updatedReplicas: count,
			readyReplicas: count,
			availableReplicas: count,
			desiredNumberScheduled: count,
			updatedNumberScheduled: count,
			numberAvailable: count,
		})
		.prefault({}),
});
type WorkloadObject = z.infer<typeof workload>;

/** Milliseconds: reading pods, events and logs costs the API server more than reading a status. */
const explainEvery = 3_000;

/**
 * Waits until every pod of a workload is up to date and available.
 *
 * @param isHopeless whether waiting cannot help for a reason that is not always hopeless
 * @throws NeverSeenError with the reason from the pods' statuses, events and logs; early if waiting cannot help
 */
export async function waitForRollout(
	kube: KubeClient,
	{ kind, namespace, name }: Workload,
	budget: number = budgets.rollout,
	isHopeless: (reason: string) => boolean = () => false,
): Promise<void> {
	let explained = performance.now();
	let why = "";
	await eventually(
		`${kind} ${namespace}/${name} is rolled out`,
		budget,
		async () => {
			const seen = await kube.get(
				{ apiVersion: "apps/v1", kind, namespace, name },
				workload,
			);
			const missing = whatIsMissing(seen);
			if (!missing) return;
			if (performance.now() - explained > explainEvery) {
				why = await explainWorkload(kube, seen);
				explained = performance.now();
				if (isHopeless(why)) throw new HopelessError(why);
			}
			return notYet([missing, why].filter(Boolean).join("; "));
		},
	);
}

/** Waits until these pods are Ready. Fails in the same way as `waitForRollout`. */
export async function waitForPods(
	kube: KubeClient,
	namespace: string,
	names: readonly string[],
	budget: number = budgets.rollout,
): Promise<Pod[]> {
	return eventually(
		`pods ${names.join(", ")} in ${namespace} are Ready`,
		budget,
		async () => {
			const all = await kube.list(
				{ apiVersion: "v1", kind: "Pod", namespace },
				pod,
			);
			const pods = all.filter((each) => names.includes(each.metadata.name));
			const absent = names.filter(
				(name) => !pods.some((each) => each.metadata.name === name),
			);
			const reasons = [
				...absent.map((name) => `pod ${name} does not exist`),
				...(await explainPods(kube, namespace, pods)),
			];
			return reasons.length === 0 ? pods : notYet(reasons.join("; "));
		},
	);
}

function whatIsMissing(seen: WorkloadObject): string | undefined {
	const { spec, status } = seen;
	if (status.observedGeneration < (seen.metadata.generation ?? 0))
		return "its controller has not seen its latest change";
	if (seen.kind === "DaemonSet") {
		const wanted = status.desiredNumberScheduled;
		const there = Math.min(
			status.updatedNumberScheduled,
			status.numberAvailable,
		);
		if (wanted === 0) return "no node matches it";
		return there < wanted ? `${there} of ${wanted} pods available` : undefined;
	}
	const available =
		seen.kind === "Deployment"
			? status.availableReplicas
			: status.readyReplicas;
	const there = Math.min(status.updatedReplicas, available);
	if (there < spec.replicas)
		return `${there} of ${spec.replicas} pods available`;
	return status.replicas > status.updatedReplicas
		? "pods of an older revision still exist"
		: undefined;
}

async function explainWorkload(
	kube: KubeClient,
	seen: WorkloadObject,
): Promise<string> {
	const { namespace = "", name } = seen.metadata;
	const pods = await kube.list(
		{
			apiVersion: "v1",
			kind: "Pod",
			namespace,
			labelSelector: formatSelector(seen.spec.selector),
		},
		pod,
	);
	if (pods.length > 0)
		return (await explainPods(kube, namespace, pods)).join("; ");
	// There is no pod because of quota, admission or an invalid template: the workload's events say which.
	const events = await kube.events(namespace);
	const warning = events
		.filter(
			(each) =>
				each.type === "Warning" && each.involvedObject.name.startsWith(name),
		)
		.at(-1);
	return warning
		? `${warning.reason}: ${warning.message}`
		: "it has created no pod, and no event says why";
}

/**
 * Says why pods are not ready: a reason for each that is not.
 *
 * @param before restarts that do not make a pod hopeless, such as those after kills by a test
 * @throws HopelessError if waiting cannot help
 */
export async function explainPods(
	kube: KubeClient,
	namespace: string,
	pods: readonly Pod[],
	before: Restarts = new Map(),
): Promise<string[]> {
	if (pods.every((each) => !explainPod(each, []))) return [];
	const events = await kube.events(namespace);
	const reasons: string[] = [];
	for (const each of pods) {
		const trouble = explainPod(each, events, { before });
		if (!trouble) continue;
		const lastWords = await lastLogLine(kube, each, trouble);
		const reason = [
			`pod ${each.metadata.name}: ${trouble.reason}${lastWords}`,
			...explainVolumeClaims(each, events),
		].join("; ");
		if (trouble.hopeless) throw new HopelessError(reason);
		reasons.push(reason);
	}
	return reasons;
}

/** Says why a pod waits for its volumes. Its status does not say, but the events of its volume claims do. */
export function explainVolumeClaims(
	{ spec, status }: Pick<Pod, "spec" | "status">,
	events: readonly Event[],
): string[] {
	if (status.phase !== "Pending") return [];
	return spec.volumes.flatMap(({ persistentVolumeClaim: volumeClaim }) => {
		const warning = events.findLast(
			({ type, involvedObject: about }) =>
				type === "Warning" &&
				about.kind === "PersistentVolumeClaim" &&
				about.name === volumeClaim?.claimName,
		);
		return warning
			? [
					`volume claim ${volumeClaim?.claimName}: ${warning.reason}: ${warning.message}`,
				]
			: [];
	});
}

async function lastLogLine(
	kube: KubeClient,
	{ metadata }: Pod,
	{ crashed }: PodTrouble,
): Promise<string> {
	if (!crashed) return "";
	try {
		const log = await kube.logs(metadata.namespace ?? "", metadata.name, {
			...crashed,
			tailLines: 5,
		});
		const line = log.trim().split("\n").at(-1);
		return line ? `; its log ends: ${line}` : "; its log is empty";
	} catch {
		// The reason that is already known counts more than a log that cannot be read.
		return "";
	}
}
