import { z } from "zod";
import { KubeError } from "../api-server/kube-error.ts";
import { kubeObject } from "../kube-objects.ts";
import type { KubeClient } from "../kubernetes.ts";

/** Selects what Grafana's chart makes: its Service, Deployment and pods. */
export const grafanaLabel = "app.kubernetes.io/name=grafana";

const port = z.looseObject({
	port: z.number(),
	/** The only port of a Service needs no name. */
	name: z.string().default(""),
});
const service = kubeObject.extend({
	spec: z.looseObject({
		clusterIP: z.string().optional(),
		ports: z.tuple([port]).rest(port),
	}),
});
type Service = z.infer<typeof service>;

/**
 * Finds Grafana's Service in a namespace by the label that its chart sets.
 *
 * @throws KubeError if there is none
 */
export async function findGrafanaService(
	kube: KubeClient,
	namespace: string,
): Promise<{ name: string; port: number; portName: string }> {
	const found = await kube.list(
		{
			apiVersion: "v1",
			kind: "Service",
			namespace,
			labelSelector: grafanaLabel,
		},
		service,
	);
	const first = found.find(isOfChart) ?? found[0];
	if (!first)
		throw new KubeError(
			`namespace ${namespace} has no Service with the label ${grafanaLabel}`,
			{ noAnswer: false },
		);
	const [{ port, name: portName }] = first.spec.ports;
	return { name: first.metadata.name, port, portName };
}

/** A person may have further Services for Grafana, such as one with an address of its own or without any. */
function isOfChart({ metadata, spec }: Service): boolean {
	return "helm.sh/chart" in metadata.labels && spec.clusterIP !== "None";
}
