import { describe, expect } from "vitest";
import { hasCondition, type Pod, pod } from "../clients/kube-objects.ts";
import { budgets } from "../common/budgets.ts";
import { messageOf } from "../common/errors.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { makeCordon } from "../harness/cluster/cordon.ts";
import { makePodDeletion } from "../harness/cluster/pod-deletion.ts";
import { findFlaws } from "../ledger/checker.ts";
import { readFromPrometheus } from "../ledger/readers.ts";
import { waitForNumbers } from "../ledger/wait-for-numbers.ts";
import {
	explainPlacement,
	reportsNoNode,
	waitForPlacedPods,
} from "../placement/placed-pods.ts";
import {
	type PromisedComponent,
	promisedComponents,
} from "../scraping/promised-targets.ts";
import { test } from "./fixtures.ts";

const tier = "medium";
const components = promisedComponents.filter((each) => each.tier === tier);

describe("what belongs to a cordoned tier waits for it and goes nowhere else", () => {
	test("its components stay Pending, as claim placement reports, and come back", async ({
		subject,
		kube,
		prometheus,
		environment,
		annotate,
	}) => {
		const { namespace } = environment;
		const { ledger } = subject;
		const waitForPods = (each: PromisedComponent, budget: number) =>
			waitForPlacedPods(kube, each, namespace, budget);
		await waitForNumbers(ledger.history, 0, budgets.podRestart);
		const old = await Promise.all(
			components.map((each) => waitForPods(each, budgets.scrapeInterval)),
		);
		const pods = old.flat();
		expect(pods.length).toBeGreaterThanOrEqual(components.length);

		await using cordon = await makeCordon(kube, tier).begin();
		await makePodDeletion(kube, pods).inflict();
		const successors = await eventually(
			`the scheduler finds no place for ${pods.length} pods`,
			budgets.podRestart,
			async () => {
				const all = await kube.list(
					{ apiVersion: "v1", kind: "Pod", namespace },
					pod,
				);
				const found = all.filter((each) =>
					pods.some((of) => haveOneOwner(each, of)),
				);
				const left = found.filter(({ metadata }) =>
					pods.some((of) => of.metadata.uid === metadata.uid),
				);
				const homeless = found.filter(isUnschedulable);
				return left.length === 0 && homeless.length === pods.length
					? found
					: notYet(
							`${left.length} old pods are there; ${homeless.length} new ones are unschedulable`,
						);
			},
		);
		await Promise.all(
			components.map((each, i) =>
				eventually(
					`claim placement reports that no node takes a pod of ${each.component}`,
					budgets.scrapeInterval,
					async ({ left }) => {
						const budget = Math.min(left, budgets.request);
						const message = await waitForPods(each, budget).then(
							() => "it is placed",
							messageOf,
						);
						const own = successors.filter((pod) =>
							old[i]?.some((of) => haveOneOwner(pod, of)),
						);
						if (!reportsNoNode(message, own)) return notYet(message);
					},
				),
			),
		);
		await cordon.end();
		const nodes = await kube.list({ apiVersion: "v1", kind: "Node" });
		await eventually(
			`what belongs to ${tier} is back there`,
			budgets.podRestart + budgets.scrapeInterval,
			async ({ left }) => {
				const budget = Math.min(left, budgets.scrapeInterval);
				const placed = await Promise.all(
					components.map((each) => waitForPods(each, budget)),
				);
				const flaws = placed
					.flat()
					.flatMap((each) => [
						...explainPlacement(each, tier, nodes),
						...(hasCondition(each, "Ready")
							? []
							: [`pod ${each.metadata.name} is not Ready`]),
					]);
				if (flaws.length > 0) return notYet(flaws.join("; "));
			},
		);
		expect(findFlaws(await readFromPrometheus(prometheus, ledger))).toEqual([]);
		await annotate(
			`${successors.length} pods of ${components.map(({ component }) => component).join(", ")} were Pending, and no sample was lost; alertmanager-restarts counts what a new pod of Alertmanager costs`,
		);
	});
});

function haveOneOwner(one: Pod, other: Pod): boolean {
	const owners = other.metadata.ownerReferences.map(({ uid }) => uid);
	return one.metadata.ownerReferences.some(({ uid }) => owners.includes(uid));
}

function isUnschedulable({ spec, status: { conditions } }: Pod): boolean {
	return (
		!spec.nodeName &&
		conditions.some(({ reason }) => reason === "Unschedulable")
	);
}
