import type { Manifest } from "../../../../clients/kube-objects.ts";
import { asObject, at, textAt } from "../../charts/fields.ts";
import { scheduleError } from "./cron-schedule.ts";
import { isSet, shareErrors } from "./names.ts";

/** What the API server says against workloads and what scales or protects them. */
export function workloadProblems(object: Manifest): string[] {
	return (problemsByKind[object.kind] ?? []).flatMap((find) => find(object));
}

const problemsByKind: Readonly<
	Record<string, readonly ((object: Manifest) => string[])[]>
> = {
	Deployment: [selectsOtherPods, notNegative, rollsOut],
	StatefulSet: [selectsOtherPods, notNegative, rollsOut],
	DaemonSet: [selectsOtherPods, notNegative, rollsOut],
	PodDisruptionBudget: [bounds],
	HorizontalPodAutoscaler: [replicaRange],
	CronJob: [schedule],
	PersistentVolumeClaim: [claim],
};

function selectsOtherPods(object: Manifest): string[] {
	const labels = asObject(at(object, "spec.template.metadata.labels"));
	return Object.entries(asObject(at(object, "spec.selector.matchLabels")))
		.filter(([name, value]) => labels[name] !== value)
		.map(
			([name, value]) =>
				`spec.selector wants ${name}=${String(value)}, which the pods' own labels do not have`,
		);
}

function notNegative(object: Manifest): string[] {
	return ["replicas", "minReadySeconds", "revisionHistoryLimit"]
		.filter((field) => Number(at(object, `spec.${field}`)) < 0)
		.map((field) => `spec.${field} is negative`);
}

function rollsOut(object: Manifest): string[] {
	const field =
		object.kind === "Deployment" ? "spec.strategy" : "spec.updateStrategy";
	const type = textAt(object, `${field}.type`) || "RollingUpdate";
	const rolling = at(object, `${field}.rollingUpdate`);
	if (!isSet(rolling)) return [];
	if (type !== "RollingUpdate")
		return object.kind === "Deployment"
			? [`${field}.rollingUpdate may not be set when the type is ${type}`]
			: [];
	const { maxSurge, maxUnavailable } = asObject(rolling);
	const usualSurge = object.kind === "DaemonSet" ? 0 : "25%";
	const isNothing = (each: unknown) => each === 0 || each === "0%";
	return [
		...shareErrors(maxSurge, `${field}.rollingUpdate.maxSurge`),
		...shareErrors(maxUnavailable, `${field}.rollingUpdate.maxUnavailable`),
		...(isNothing(maxSurge ?? usualSurge) && isNothing(maxUnavailable)
			? [
					`${field}.rollingUpdate has a maxSurge and a maxUnavailable of 0, and one must be more`,
				]
			: []),
	];
}

function bounds(object: Manifest): string[] {
	const { minAvailable, maxUnavailable } = asObject(object.spec);
	return [
		...(isSet(minAvailable) && isSet(maxUnavailable)
			? [
					"spec has both minAvailable and maxUnavailable, and may have one of them",
				]
			: []),
		...shareErrors(minAvailable, "spec.minAvailable"),
		...shareErrors(maxUnavailable, "spec.maxUnavailable"),
	];
}

function replicaRange(object: Manifest): string[] {
	const least = at(object, "spec.minReplicas") ?? 1;
	const most = at(object, "spec.maxReplicas");
	return [
		...(Number(most) < 1 ? ["spec.maxReplicas must be 1 or more"] : []),
		...(Number(least) < 0 ? ["spec.minReplicas is negative"] : []),
		...(Number(least) > Number(most)
			? [
					`spec.minReplicas is ${String(least)}, and more than maxReplicas, which is ${String(most)}`,
				]
			: []),
	];
}

function schedule(object: Manifest): string[] {
	const written = textAt(object, "spec.schedule");
	const problem = scheduleError(written);
	return problem === undefined
		? []
		: [`spec.schedule is "${written}": ${problem}`];
}

function claim({ spec }: Manifest): string[] {
	const modes = at(spec, "accessModes");
	return [
		...(Array.isArray(modes) && modes.length > 0
			? []
			: ["spec.accessModes is empty, and a claim needs one"]),
		...(isSet(at(spec, "resources.requests.storage"))
			? []
			: ["spec.resources.requests.storage is missing"]),
	];
}
