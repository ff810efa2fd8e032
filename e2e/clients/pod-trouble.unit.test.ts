import { describe, expect, test } from "vitest";
import { event, pod } from "./kube-objects.ts";
import { countRestarts, explainPod } from "./pod-trouble.ts";

function makePod(status: object) {
	return pod.parse({
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name: "p", namespace: "n" },
		spec: { containers: [] },
		status,
	});
}

function makeStatus(state: object, more: object = {}) {
	return {
		containerStatuses: [
			{ name: "c", ready: false, restartCount: 0, state, ...more },
		],
	};
}

const unscheduledSince = "2025-01-01T00:00:00Z";

function makeUnscheduled(reason: string, message: string) {
	return makePod({
		conditions: [
			{
				type: "PodScheduled",
				status: "False",
				reason,
				message,
				lastTransitionTime: unscheduledSince,
			},
		],
	});
}

describe("explainPod says why a pod is not ready", () => {
	test("nothing about a ready pod", () => {
		const ready = makePod({ conditions: [{ type: "Ready", status: "True" }] });
		expect(explainPod(ready, [])).toBeUndefined();
	});

	test("an image that does not exist is hopeless", () => {
		const message = 'Back-off pulling image "x:1": not found';
		const trouble = explainPod(
			makePod(makeStatus({ waiting: { reason: "ImagePullBackOff", message } })),
			[],
		);
		expect(trouble).toMatchObject({
			hopeless: true,
			reason: `container c: ImagePullBackOff: ${message}`,
		});
	});

	test("a registry that does not answer is not hopeless", () => {
		const waiting = { reason: "ErrImagePull", message: "connection refused" };
		expect(explainPod(makePod(makeStatus({ waiting })), [])?.hopeless).toBe(
			false,
		);
	});

	test("a container that is being created is not ready yet", () => {
		const waiting = { reason: "ContainerCreating" };
		expect(explainPod(makePod(makeStatus({ waiting })), [])?.reason).toBe(
			"not ready yet: c ContainerCreating",
		);
	});

	test("an unschedulable pod is hopeless after nodes had time to join", () => {
		const unscheduled = makeUnscheduled(
			"Unschedulable",
			"0/4 nodes are available",
		);
		const since = Date.parse(unscheduledSince);
		expect(explainPod(unscheduled, [], { now: since + 10_000 })).toEqual({
			reason: "Unschedulable: 0/4 nodes are available",
			hopeless: false,
		});
		expect(
			explainPod(unscheduled, [], { now: since + 120_000 })?.hopeless,
		).toBe(true);
	});

	test("an error of the scheduler itself is not hopeless", () => {
		const failed = makeUnscheduled(
			"SchedulerError",
			"running PreFilter plugin",
		);
		const later = Date.parse("2025-01-01T00:02:00Z");
		expect(explainPod(failed, [], { now: later })).toEqual({
			reason: "SchedulerError: running PreFilter plugin",
			hopeless: false,
		});
	});

	test("the exit code of a crash, and the log to read", () => {
		const crashed = makeStatus(
			{ waiting: { reason: "CrashLoopBackOff" } },
			{
				restartCount: 4,
				lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } },
			},
		);
		expect(explainPod(makePod(crashed), [])).toEqual({
			reason: "container c crashed 4 times (exit code 137, OOMKilled)",
			hopeless: true,
			crashed: { container: "c", previous: false },
		});
	});

	test("restarts from before do not make it hopeless", () => {
		const crashed = (restartCount: number) =>
			makePod(
				makeStatus(
					{ waiting: { reason: "CrashLoopBackOff" } },
					{ restartCount },
				),
			);
		const before = countRestarts([crashed(5)]);
		expect(explainPod(crashed(8), [], { before })?.hopeless).toBe(false);
		expect(explainPod(crashed(9), [], { before })?.hopeless).toBe(true);
	});

	test("the last warning about a volume that cannot be mounted", () => {
		const warning = event.parse({
			apiVersion: "v1",
			kind: "Event",
			metadata: { name: "e" },
			type: "Warning",
			reason: "FailedMount",
			message: 'secret "s" not found',
			involvedObject: { kind: "Pod", name: "p" },
		});
		const waiting = { reason: "ContainerCreating" };
		expect(
			explainPod(makePod(makeStatus({ waiting })), [warning])?.reason,
		).toBe('FailedMount: secret "s" not found');
	});
});
