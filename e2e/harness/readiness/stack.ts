import { uniqBy } from "es-toolkit";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { type Workload, waitForRollout } from "../../clients/rollout.ts";
import { budgets } from "../../common/budgets.ts";
import type { Refusal } from "../../common/environment.ts";
import { eventually, notYet } from "../../common/eventually.ts";
import { isOwnCrash, unlessRefused, watchRefusal } from "./refusals.ts";
import {
	findUnreconciled,
	listOperated,
	operatedKinds,
} from "./unreconciled.ts";

const workloads = ["Deployment", "StatefulSet", "DaemonSet"] as const;

/** A StatefulSet that the operator makes of an object. */
interface OperatedWorkload extends Workload {
	readonly kind: "StatefulSet";
	readonly of: { readonly kind: Refusal["kind"]; readonly name: string };
}

/** Runs a wait, for example as a timed phase of a run. */
export type RunWait = (
	name: string,
	wait: () => Promise<void>,
) => Promise<void>;

const untimed: RunWait = (_, wait) => wait();

/** What the wait for a workload, or for what the operator makes of an object, is called. */
export function nameOfRollout(
	kind: string,
	{ namespace, name }: Pick<Workload, "namespace" | "name">,
): string {
	return `rollout of ${kind} ${namespace}/${name}`;
}

/**
 * Waits until everything that the chart installed, and everything that the operator creates for it, is rolled out.
 *
 * @param runWait runs the wait for each workload, under its name
 */
export async function waitForStack(
	kube: KubeClient,
	namespace: string,
	runWait = untimed,
): Promise<void> {
	await waitForAll(kube, namespace, runWait, async (own) => {
		await waitUntilMade(kube, own, async () => {
			const refusals = await findUnreconciled(kube, namespace);
			return refusals.join("; ");
		});
		await waitForRollout(kube, own);
	});
}

/**
 * The same, but goes on where the operator does not take an object, or its pods do not take their configuration. Both are
 * known long before the wait would be over.
 *
 * @returns what is refused
 */
export async function waitForStackOrRefusals(
	kube: KubeClient,
	namespace: string,
	runWait = untimed,
): Promise<Refusal[]> {
	const refused: Refusal[] = [];
	await waitForAll(kube, namespace, runWait, async (own) => {
		const { kind, name } = own.of;
		const found = await unlessRefused(kind, async () => {
			const why = watchRefusal(kube, namespace, kind, name);
			await waitUntilMade(kube, own, why);
			await waitForRollout(kube, own, budgets.rollout, isOwnCrash);
		});
		refused.push(...found);
	});
	return refused;
}

async function waitForAll(
	kube: KubeClient,
	namespace: string,
	runWait: RunWait,
	waitForOwn: (workload: OperatedWorkload) => Promise<void>,
): Promise<void> {
	const installed = await Promise.all(
		workloads.map(async (kind) => {
			const found = await kube.list({ apiVersion: "apps/v1", kind, namespace });
			return found.map(
				({ metadata: { name } }): Workload => ({ kind, namespace, name }),
			);
		}),
	);
	const expected = await Promise.all(
		operatedKinds.map(async (kind) => {
			const found = await listOperated(kube, namespace, kind);
			return found.map(
				({ metadata: { name } }): OperatedWorkload => ({
					kind: "StatefulSet",
					namespace,
					name: `${kind.toLowerCase()}-${name}`,
					of: { kind, name },
				}),
			);
		}),
	);
	const own = expected.flat();
	const nameOfWorkload = ({ kind, name }: Workload) => `${kind}/${name}`;
	const others = uniqBy(installed.flat(), nameOfWorkload).filter(
		(each) =>
			!own.some((other) => nameOfWorkload(other) === nameOfWorkload(each)),
	);
	await Promise.all([
		...own.map((each) =>
			runWait(
				nameOfRollout(each.of.kind, { namespace, name: each.of.name }),
				() => waitForOwn(each),
			),
		),
		...others.map((each) =>
			runWait(nameOfRollout(each.kind, each), () => waitForRollout(kube, each)),
		),
	]);
}

/** Waits until the operator has made a StatefulSet. It makes none for an object that it refuses. */
async function waitUntilMade(
	kube: KubeClient,
	{ kind, namespace, name }: Workload,
	whyNot: () => Promise<string | undefined>,
): Promise<void> {
	await eventually(
		`the operator has made ${kind} ${namespace}/${name}`,
		budgets.rollout,
		async () => {
			const made = await kube.list({ apiVersion: "apps/v1", kind, namespace });
			if (made.some(({ metadata }) => metadata.name === name)) return;
			return notYet((await whyNot()) || "it has not, and does not say why");
		},
	);
}
