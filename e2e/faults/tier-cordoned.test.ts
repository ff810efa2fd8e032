import { describe, expect } from "vitest";
import { hasCondition, type Pod, pod } from "../clients/kube-objects.ts";
import { budgets } from "../harness/budgets.ts";
import { messageOf } from "../harness/errors.ts";
import { eventually } from "../harness/eventually.ts";
import { setSchedulable } from "../harness/schedulable.ts";
import {
	explainPlacement,
	waitForPlacedPods,
} from "../placement/placed-pods.ts";
import { promisedComponents } from "../scraping/promised-targets.ts";
import { tidyUp } from "../tidy-up.ts";
import { test } from "./fixtures.ts";

const tier = "medium";
const components = promisedComponents.filter((each) => each.tier === tier);

describe("what belongs to a cordoned tier waits for it and goes nowhere else", () => {
	test("its components stay Pending, as claim placement says, and come back", {
		timeout: 4 * budgets.podRestart + 2 * budgets.scrapeInterval,
	}, async ({ kube, prometheus, environment, annotate, onTestFinished }) => {
		const { namespace } = environment;
		const old = await Promise.all(
			components.map((each) =>
				waitForPlacedPods(kube, prometheus, each, namespace),
			),
		);
		const pods = old.flat();
		expect(pods.length).toBeGreaterThanOrEqual(components.length);

		await setSchedulable(kube, tier, false);
		onTestFinished(
			tidyUp("the tier's return", () => setSchedulable(kube, tier, true)),
		);
		await kube.delete(pods);
		const homeless = await eventually(
			`the scheduler finds no place for ${pods.length} pods`,
			budgets.podRestart,
			async () => {
				const all = await kube.list(
					{ apiVersion: "v1", kind: "Pod", namespace },
					pod,
				);
				return all.filter(({ status: { conditions } }) =>
					conditions.some(({ reason }) => reason === "Unschedulable"),
				);
			},
			(found) => {
				const placed = pods.filter(
					(each) => !found.some((other) => isSuccessor(other, each)),
				);
				return (
					placed.length === 0 ||
					`none takes the place of ${placed.map(({ metadata }) => metadata.name).join(", ")}`
				);
			},
		);
		expect(homeless.flatMap(({ spec }) => spec.nodeName ?? [])).toEqual([]);
		for (const each of components)
			expect(
				await waitForPlacedPods(
					kube,
					prometheus,
					each,
					namespace,
					budgets.request,
				).then(() => "it is placed", messageOf),
				each.component,
			).toMatch(/no node takes pod .*: 0\/\d+ nodes are available/);
		await annotate(
			`${homeless.length} pods of ${components.map(({ component }) => component).join(", ")} were Pending`,
		);

		await setSchedulable(kube, tier, true);
		const nodes = await kube.list({ apiVersion: "v1", kind: "Node" });
		await eventually(
			`what belongs to ${tier} is back there`,
			budgets.podRestart + budgets.scrapeInterval,
			async () => {
				const all = await Promise.all(
					components.map((each) =>
						waitForPlacedPods(kube, prometheus, each, namespace),
					),
				);
				return all.flat();
			},
			(found) => {
				const flaws = found.flatMap((each) => [
					...explainPlacement(each, tier, nodes),
					...(hasCondition(each, "Ready")
						? []
						: [`pod ${each.metadata.name} is not Ready`]),
				]);
				return flaws.length === 0 || flaws.join("; ");
			},
		);
	});
});

/** Whether a pod was made in the place of another, by the same owner. */
function isSuccessor(pod: Pod, of: Pod): boolean {
	const owners = of.metadata.ownerReferences.map(({ uid }) => uid);
	return (
		pod.metadata.uid !== of.metadata.uid &&
		pod.metadata.ownerReferences.some(({ uid }) => owners.includes(uid))
	);
}
