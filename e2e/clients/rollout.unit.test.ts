import { expect, test } from "vitest";
import { event, pod } from "./kube-objects.ts";
import { explainVolumeClaims } from "./rollout.ts";

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
	makeEvent("PersistentVolumeClaim", "db-other", "another volume claim"),
	makeEvent("Pod", "db-p", "not a volume claim"),
];

test("the last warning about a volume claim says why a pod is Pending", () => {
	expect(explainVolumeClaims(makePod("Pending"), events)).toEqual([
		"volume claim db-p: ProvisioningFailed: no account",
	]);
});

test("warnings about volume claims do not count if the pod is not Pending", () => {
	expect(explainVolumeClaims(makePod("Running"), events)).toEqual([]);
	expect(explainVolumeClaims(makePod("Pending"), [])).toEqual([]);
});
