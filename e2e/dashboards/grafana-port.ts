import { z } from "zod";
import { GrafanaClient } from "../clients/grafana.ts";
import { kubeObject } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";

const endpointSlice = kubeObject.extend({
	addressType: z.string(),
	endpoints: z
		.array(z.looseObject({ addresses: z.array(z.string()).nonempty() }))
		.nonempty(),
	ports: z.array(z.looseObject({ port: z.number() })).nonempty(),
});
const service = kubeObject.extend({
	spec: z.looseObject({
		ports: z.tuple([z.looseObject({ nodePort: z.number() })]),
	}),
});

/**
 * Opens a port of every node that leads to Grafana's pod, for a browser has no other way into the cluster.
 *
 * @param namespace the test's own, which the port goes away with
 */
export async function openGrafanaPort(
	kube: KubeClient,
	stackNamespace: string,
	namespace: string,
): Promise<number> {
	const grafana = await GrafanaClient.findService(kube, stackNamespace);
	const slices = await kube.list(
		{
			apiVersion: "discovery.k8s.io/v1",
			kind: "EndpointSlice",
			namespace: stackNamespace,
			labelSelector: `kubernetes.io/service-name=${grafana.name}`,
		},
		endpointSlice,
	);
	const [slice] = slices;
	if (!slice) throw new Error(`Service ${grafana.name} leads to no pod`);
	const { addressType, endpoints, ports } = slice;
	const name = "grafana";
	const [made] = await kube.apply([
		{
			apiVersion: "v1",
			kind: "Service",
			metadata: { name, namespace },
			spec: { type: "NodePort", ports: [{ port: grafana.port }] },
		},
		{
			apiVersion: "discovery.k8s.io/v1",
			kind: "EndpointSlice",
			metadata: {
				name,
				namespace,
				labels: { "kubernetes.io/service-name": name },
			},
			addressType,
			endpoints: endpoints.map(({ addresses }) => ({ addresses })),
			ports: ports.map(({ port }) => ({ port, protocol: "TCP" })),
		},
	]);
	return service.parse(made).spec.ports[0].nodePort;
}
