import { describe, expect } from "vitest";
import { hasCondition } from "../clients/kube-objects.ts";
import { budgets } from "../harness/budgets.ts";
import { eventually } from "../harness/eventually.ts";
import { setSchedulable } from "../harness/schedulable.ts";
import { findAlertmanagerPod } from "../secrets/webhook-file.ts";
import { tidyUp } from "../tidy-up.ts";
import { test } from "./fixtures.ts";

describe("what belongs to a cordoned tier waits for it and goes nowhere else", () => {
	test("Alertmanager stays Pending while medium is cordoned, and comes back", {
		timeout: 3 * budgets.podRestart,
	}, async ({ kube, environment, alertmanager, annotate, onTestFinished }) => {
		const { namespace } = environment;
		const findPod = () => findAlertmanagerPod({ kube, namespace });
		const before = await findPod();
		const { name, uid } = before.metadata;
		expect(before.spec.nodeName).toBe("medium");

		await setSchedulable(kube, "medium", false);
		onTestFinished(
			tidyUp("the tier's return", () => setSchedulable(kube, "medium", true)),
		);
		await kube.delete([{ apiVersion: "v1", kind: "Pod", namespace, name }]);
		const verdict = await eventually(
			"the scheduler finds no place for Alertmanager",
			budgets.podRestart,
			async () => {
				const pod = await findPod();
				if (pod.metadata.uid === uid)
					return { missing: "the old pod is there" };
				const scheduled = pod.status.conditions.find(
					({ type }) => type === "PodScheduled",
				);
				return scheduled?.reason === "Unschedulable"
					? { said: scheduled.message ?? "", node: pod.spec.nodeName }
					: { missing: `PodScheduled is ${scheduled?.status}` };
			},
			({ missing }) => missing === undefined || missing,
		);
		expect(verdict.node).toBeUndefined();
		await annotate(`the scheduler says: ${verdict.said}`);

		await setSchedulable(kube, "medium", true);
		await eventually(
			"Alertmanager is back on medium",
			budgets.podRestart,
			async () => {
				const pod = await findPod();
				await alertmanager.config();
				return hasCondition(pod, "Ready") ? pod.spec.nodeName : "not Ready";
			},
			(node) => node === "medium" || `${node}`,
		);
	});
});
