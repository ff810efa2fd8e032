import { uniqBy } from "es-toolkit";
import { grafanaLabel } from "../../clients/grafana/service.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { type Workload, waitForRollout } from "../../clients/rollout.ts";
import { budgets } from "../../common/budgets.ts";
import type { DisruptedPart } from "../../common/claim-tags.ts";
import type { Refusal } from "../../common/environment.ts";
import { eventually, notYet } from "../../common/eventually.ts";
import { waitForDiscovery } from "./discovered-targets.ts";
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

/** A workload that the chart installed, or an object that the operator makes workloads of. */
export interface Rollout {
	/** What the wait for it is called. */
	readonly name: string;
	/** What is broken without it; undefined if that may be anything. */
	readonly part?: DisruptedPart | undefined;
	/**
	 * Waits until it is rolled out.
	 *
	 * @returns what is refused of it
	 */
	wait(): Promise<readonly Refusal[]>;
}

/** The wait for a workload alone. */
export function rolloutOf(workload: Workload, kube: KubeClient): Rollout {
	return {
		name: nameOfRollout(workload.kind, workload),
		wait: async () => {
			await waitForRollout(kube, workload);
			return [];
		},
	};
}

function nameOfRollout(
	kind: string,
	{ namespace, name }: Pick<Workload, "namespace" | "name">,
): string {
	return `rollout of ${kind} ${namespace}/${name}`;
}

/** Waits until everything that the chart installed, and everything that the operator creates for it, is rolled out. */
export async function waitForStack(
	kube: KubeClient,
	namespace: string,
): Promise<void> {
	await waitForAll(await listRollouts(kube, namespace, false));
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
): Promise<readonly Refusal[]> {
	return waitForAll(await listRollouts(kube, namespace, true));
}

async function waitForAll(rollouts: readonly Rollout[]): Promise<Refusal[]> {
	return (await Promise.all(rollouts.map((each) => each.wait()))).flat();
}

/**
 * Lists what is to be rolled out.
 *
 * @param refusalsGoOn whether a wait ends where something is refused, instead of failing
 */
export async function listRollouts(
	kube: KubeClient,
	namespace: string,
	refusalsGoOn: boolean,
): Promise<Rollout[]> {
	const installed = await Promise.all(
		workloads.map(async (kind) => {
			const found = await kube.list({ apiVersion: "apps/v1", kind, namespace });
			return found.map(({ metadata: { name, labels } }) => ({
				kind,
				namespace,
				name,
				part: partsByLabel[`${nameLabel}=${labels[nameLabel]}`],
			}));
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
	const wait = refusalsGoOn ? waitOrRefusals : waitForOwn;
	return [
		...own.map((each) => ({
			name: nameOfRollout(each.of.kind, { namespace, name: each.of.name }),
			part: each.of.kind === "Prometheus" ? ("prometheus" as const) : undefined,
			wait: () => wait(kube, each),
		})),
		...others.map((each) => ({ ...rolloutOf(each, kube), part: each.part })),
	];
}

const nameLabel = "app.kubernetes.io/name";
/** What workloads of the chart break when they do. */
const partsByLabel: Readonly<Record<string, DisruptedPart>> = {
	[grafanaLabel]: "grafana",
	[`${nameLabel}=prometheus-node-exporter`]: "node-exporter",
};

async function waitForOwn(
	kube: KubeClient,
	workload: OperatedWorkload,
): Promise<Refusal[]> {
	await waitUntilMade(kube, workload, async () => {
		const refusals = await findUnreconciled(kube, workload.namespace);
		return refusals.join("; ");
	});
	await waitUntilInUse(kube, workload);
	return [];
}

/** Waits until it is rolled out and, if it is Prometheus, has found its targets. @param isHopeless as in `waitForRollout` */
async function waitUntilInUse(
	kube: KubeClient,
	workload: OperatedWorkload,
	isHopeless?: (reason: string) => boolean,
): Promise<void> {
	await waitForRollout(kube, workload, budgets.rollout, isHopeless);
	if (workload.of.kind === "Prometheus")
		await waitForDiscovery(kube, workload.namespace, workload.of.name);
}

function waitOrRefusals(
	kube: KubeClient,
	workload: OperatedWorkload,
): Promise<Refusal[]> {
	const { kind, name } = workload.of;
	return unlessRefused(kind, async () => {
		const why = watchRefusal(kube, workload.namespace, kind, name);
		await waitUntilMade(kube, workload, why);
		await waitUntilInUse(kube, workload, isOwnCrash);
	});
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
