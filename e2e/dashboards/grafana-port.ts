import { z } from "zod";
import { kubeObject } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";

const port = z.looseObject({
	port: z.number(),
	targetPort: z.union([z.string(), z.number()]),
	nodePort: z.number().optional(),
});
const service = kubeObject.extend({
	spec: z.looseObject({
		selector: z.record(z.string(), z.string()),
		ports: z.tuple([port], port),
	}),
});

/** A port of every node that leads to Grafana, for as long as it is wanted. */
export interface GrafanaPort {
	readonly nodePort: number;
	close(): Promise<void>;
}

/**
 * Opens a port for whoever has no way into the cluster but its nodes, as a browser.
 *
 * @param grafana the name of Grafana's own Service
 * @param name of the Service that is made for it
 */
export async function openGrafanaPort(
	kube: KubeClient,
	namespace: string,
	grafana: string,
	name: string,
): Promise<GrafanaPort> {
	const ref = { apiVersion: "v1", kind: "Service", namespace };
	const { spec } = await kube.get({ ...ref, name: grafana }, service);
	const [{ port, targetPort }] = spec.ports;
	await kube.apply([
		{
			apiVersion: "v1",
			kind: "Service",
			metadata: { name, namespace },
			spec: {
				type: "NodePort",
				selector: spec.selector,
				ports: [{ port, targetPort }],
			},
		},
	]);
	const close = () => kube.delete([{ ...ref, name }]);
	const made = await kube.get({ ...ref, name }, service);
	const [{ nodePort }] = made.spec.ports;
	if (nodePort !== undefined) return { nodePort, close };
	await close();
	throw new Error(`Service ${name} was given no port of the nodes`);
}
