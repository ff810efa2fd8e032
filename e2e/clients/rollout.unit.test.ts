import { expect, test } from "vitest";
import { event, pod } from "./kube-objects.ts";
import { explainClaims } from "./rollout.ts";

function makePod(phase: string) {
	return pod.parse({
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name: "p" },
		spec: {
			volumes: [
				{ name: "config" },
				{ name: "db", persistentVolumeClaim: { claimName: "db-p" } },
			],
		},
		status: { phase },
	});
}

function makeEvent(kind: string, name: string, message: string) {
	return event.parse({
		apiVersion: "v1",
		kind: "Event",
		metadata: { name: "e" },
		type: "Warning",
		reason: "ProvisioningFailed",
		message,
		involvedObject: { kind, name },
	});
}

const events = [
	makeEvent("PersistentVolumeClaim", "db-p", "before"),
	makeEvent("PersistentVolumeClaim", "db-p", "no account"),
	makeEvent("PersistentVolumeClaim", "db-other", "another claim"),
	makeEvent("Pod", "db-p", "not a claim"),
];

test("a pending pod's claim tells why, with its last warning", () => {
	expect(explainClaims(makePod("Pending"), events)).toEqual([
		"claim db-p: ProvisioningFailed: no account",
	]);
});

test("a claim that is bound has nothing to say", () => {
	expect(explainClaims(makePod("Running"), events)).toEqual([]);
	expect(explainClaims(makePod("Pending"), [])).toEqual([]);
});
