import { budgets } from "../common/budgets.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import type { Event, Pod } from "./kube-objects.ts";

/** Why a pod is not ready, from its status and events. */
export interface PodTrouble {
	readonly reason: string;
	/** Whether waiting cannot help. */
	readonly hopeless: boolean;
	/** The container whose log may say more. */
	readonly crashed?: { readonly container: string; readonly previous: boolean };
}

type ContainerStatus = Pod["status"]["containerStatuses"][number];

/** How often each container had been restarted at some moment, by `nameContainer`. */
export type Restarts = ReadonlyMap<string, number>;

/** After so many restarts, a crash is not a start-up problem: the kubelet has already waited for more than a minute. */
const hopelessRestarts = 4;
const neverPulled = ["ErrImageNeverPull", "InvalidImageName"];
const notThere = /not found|manifest unknown|no such host|does not exist/i;

/** How often each container of these pods has been restarted until now. */
export function countRestarts(pods: readonly Pod[]): Restarts {
	return new Map(
		pods.flatMap((pod) =>
			listContainers(pod).map((status) => [
				nameContainer(pod, status),
				status.restartCount,
			]),
		),
	);
}

/** Restarts, and some more of each container that a test has caused since. */
export function addRestarts(before: Restarts, more: number): Restarts {
	return new Map([...before].map(([name, count]) => [name, count + more]));
}

/**
 * Says why a pod is not ready; undefined if it is.
 *
 * @param before restarts that do not make it hopeless, such as those after kills by a test
 */
export function explainPod(
	pod: Pod,
	events: readonly Event[],
	{
		now = clusterNow(),
		before = new Map(),
	}: { now?: number; before?: Restarts } = {},
): PodTrouble | undefined {
	const conditions = new Map(
		pod.status.conditions.map((each) => [each.type, each]),
	);
	if (conditions.get("Ready")?.status === "True") return undefined;
	if (pod.metadata.deletionTimestamp)
		return { reason: "is being deleted", hopeless: false };

	const scheduled = conditions.get("PodScheduled");
	if (scheduled?.status === "False") {
		const since = Date.parse(scheduled.lastTransitionTime ?? "");
		return {
			reason: `${scheduled.reason ?? "unscheduled"}: ${scheduled.message ?? "no message"}`,
			// Any other reason is an error of the scheduler itself, which it recovers from.
			hopeless:
				scheduled.reason === "Unschedulable" &&
				now - since > budgets.scheduling,
		};
	}
	const statuses = listContainers(pod);
	const warnings = events.filter(
		(each) =>
			each.type === "Warning" &&
			each.involvedObject.kind === "Pod" &&
			each.involvedObject.name === pod.metadata.name,
	);
	for (const status of statuses) {
		const known = before.get(nameContainer(pod, status)) ?? 0;
		const trouble = explainContainer(status, warnings, known);
		if (trouble) return trouble;
	}
	const warning = warnings.at(-1);
	if (warning)
		return { reason: `${warning.reason}: ${warning.message}`, hopeless: false };
	const unready = statuses.filter((each) => !each.ready);
	return {
		reason: unready.length
			? `not ready yet: ${unready.map(describeState).join(", ")}`
			: `${pod.status.phase ?? "no phase yet"}`,
		hopeless: false,
	};
}

function explainContainer(
	status: ContainerStatus,
	warnings: readonly Event[],
	restartsBefore: number,
): PodTrouble | undefined {
	const { waiting, terminated } = status.state;
	const last = status.lastState.terminated;
	if (waiting?.reason === "CrashLoopBackOff") {
		return {
			reason: `container ${status.name} crashed ${status.restartCount} times${last ? ` (${describeEnd(last)})` : ""}`,
			hopeless: status.restartCount - restartsBefore >= hopelessRestarts,
			crashed: { container: status.name, previous: false },
		};
	}
	if (waiting?.reason && !/^(Container|Pod)/.test(waiting.reason)) {
		const isPull = /image/i.test(waiting.reason);
		// While the kubelet backs off, the status does not say why, but the event does.
		const pull = warnings.findLast((each) =>
			/failed to pull/i.test(each.message),
		);
		const message = [waiting.message, isPull && pull?.message]
			.filter(Boolean)
			.join(": ");
		return {
			reason: `container ${status.name}: ${waiting.reason}: ${message}`,
			hopeless:
				neverPulled.includes(waiting.reason) ||
				(isPull && notThere.test(message)),
		};
	}
	if (terminated && terminated.exitCode !== 0) {
		return {
			reason: `container ${status.name} ended (${describeEnd(terminated)})`,
			hopeless: false,
			crashed: { container: status.name, previous: false },
		};
	}
	if (!status.ready && last) {
		return {
			reason: `container ${status.name} was restarted ${status.restartCount} times (${describeEnd(last)})`,
			hopeless: false,
			crashed: { container: status.name, previous: true },
		};
	}
	return undefined;
}

function listContainers({ status }: Pod): ContainerStatus[] {
	return [...status.initContainerStatuses, ...status.containerStatuses];
}

function nameContainer({ metadata }: Pod, { name }: ContainerStatus): string {
	return `${metadata.uid}/${name}`;
}

function describeEnd(end: {
	exitCode: number;
	reason?: string | undefined;
	message?: string | undefined;
}): string {
	return [
		`exit code ${end.exitCode}`,
		end.reason !== "Error" && end.reason,
		end.message?.trim(),
	]
		.filter(Boolean)
		.join(", ");
}

function describeState(status: ContainerStatus): string {
	return `${status.name} ${status.state.waiting?.reason ?? (status.state.terminated ? "ended" : "running")}`;
}
