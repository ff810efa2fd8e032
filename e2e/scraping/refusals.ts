import {
	type Event,
	kubeObject,
	monitoringV1,
} from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import {
	type ObjectSelection,
	prometheusSelectors,
	type SelectedKind,
	whyNotSelected,
} from "./object-selection.ts";
import { readOperatorArgs } from "./operator-watch.ts";

/** An object that Prometheus may take. */
export interface Selectable {
	readonly kind: SelectedKind;
	readonly metadata: {
		readonly namespace?: string | undefined;
		readonly name: string;
		readonly labels: Readonly<Record<string, string>>;
	};
	/** What is wrong with it, as a clause, if that can be read from it. */
	readonly flaw?: string | undefined;
}

const prometheus = kubeObject.extend({ spec: prometheusSelectors });

/** What decides which objects the Prometheus of a namespace takes. @throws Error if there is none */
export async function readObjectSelection(
	kube: KubeClient,
	namespace: string,
): Promise<ObjectSelection> {
	const [found] = await kube.list(
		{ apiVersion: monitoringV1, kind: "Prometheus", namespace },
		prometheus,
	);
	if (!found) throw new Error(`there is no Prometheus in ${namespace}`);
	const namespaces = await kube.list({ apiVersion: "v1", kind: "Namespace" });
	return {
		spec: found.spec,
		namespace,
		namespaces: new Map(
			namespaces.map(({ metadata: { name, labels } }) => [name, labels]),
		),
		operatorArgs: await readOperatorArgs(kube, namespace),
	};
}

/** Why an object is not in force, as a clause: Prometheus does not select it, or the operator refuses it. */
export async function explainNotLoaded(
	kube: KubeClient,
	{ kind, metadata, flaw }: Selectable,
	selection: ObjectSelection,
): Promise<string> {
	const { namespace = "", name } = metadata;
	return (
		whyNotSelected(kind, metadata, selection) ??
		flaw ??
		describeRefusal(await kube.events(namespace, { kind, name }))
	);
}

/**
 * What the operator reports of an object that it refuses, as a clause. Kubernetes keeps events for an hour.
 *
 * @param events of the object, oldest first
 */
export function describeRefusal(
	events: readonly Pick<Event, "type" | "message">[],
): string {
	const message = events.findLast(({ type }) => type === "Warning")?.message;
	return message
		? `the operator refuses it: ${message}`
		: "Prometheus selects it, and no event of the last hour says why the operator refuses it";
}
