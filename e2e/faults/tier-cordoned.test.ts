import { describe, expect } from "vitest";
import { hasCondition, type Pod, pod } from "../clients/kube-objects.ts";
import { budgets } from "../common/budgets.ts";
import { messageOf } from "../common/errors.ts";
import { eventually } from "../common/eventually.ts";
import { tidyUp } from "../common/tidy-up.ts";
import { setSchedulable } from "../harness/cluster/schedulable.ts";
import { compareToLedger } from "../ledger/history.ts";
import {
	explainPlacement,
	waitForPlacedPods,
} from "../placement/placed-pods.ts";
import { promisedComponents } from "../scraping/promised-targets.ts";
import { readLedgerBack, waitForNumbers } from "../wal/crash.ts";
import { test } from "./fixtures.ts";

const tier = "medium";
const components = promisedComponents.filter((each) => each.tier === tier);

describe("what belongs to a cordoned tier waits for it and goes nowhere else", () => {
	test("its components stay Pending, as claim placement says, and come back", async ({
		subject,
		kube,
		prometheus,
		environment,
		annotate,
		onTestFinished,
	}) => {
		const { namespace } = environment;
		await waitForNumbers(subject.ledger.ledger, 0, budgets.podRestart);
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
		const successors = await eventually(
			`the scheduler finds no place for ${pods.length} pods`,
			budgets.podRestart,
			async () => {
				const all = await kube.list(
					{ apiVersion: "v1", kind: "Pod", namespace },
					pod,
				);
				return all.filter((each) => pods.some((of) => haveOneOwner(each, of)));
			},
			(found) => {
				const left = found.filter(({ metadata }) =>
					pods.some((of) => of.metadata.uid === metadata.uid),
				);
				const homeless = found.filter(isHomeless);
				return (
					(left.length === 0 && homeless.length === pods.length) ||
					`${left.length} old pods are there; ${homeless.length} new ones are found no place for`
				);
			},
		);
		await Promise.all(
			components.map((each, i) =>
				eventually(
					`claim placement says that no node takes a pod of ${each.component}`,
					budgets.scrapeInterval,
					() =>
						waitForPlacedPods(
							kube,
							prometheus,
							each,
							namespace,
							budgets.request,
						).then(() => "it is placed", messageOf),
					(said) =>
						successors
							.filter((pod) => old[i]?.some((of) => haveOneOwner(pod, of)))
							.every(({ metadata: { name } }) =>
								said.includes(`no node takes pod ${name}: 0/`),
							) || said,
				),
			),
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
		const { written, stored } = await readLedgerBack(subject);
		expect(compareToLedger(written, stored[0]?.values ?? [])).toEqual([]);
		await annotate(
			`${successors.length} pods of ${components.map(({ component }) => component).join(", ")} were Pending, and no sample was lost; what a new pod of Alertmanager costs, alertmanager-restarts counts`,
		);
	});
});

function haveOneOwner(one: Pod, other: Pod): boolean {
	const owners = other.metadata.ownerReferences.map(({ uid }) => uid);
	return one.metadata.ownerReferences.some(({ uid }) => owners.includes(uid));
}

function isHomeless({ spec, status: { conditions } }: Pod): boolean {
	return (
		!spec.nodeName &&
		conditions.some(({ reason }) => reason === "Unschedulable")
	);
}
