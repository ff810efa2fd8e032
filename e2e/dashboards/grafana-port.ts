import { z } from "zod";
import { findGrafanaService } from "../clients/grafana/service.ts";
import { kubeObject } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { parseAs } from "../common/parsing/parse-as.ts";

const grafanaSlice = kubeObject.extend({
	addressType: z.string(),
	endpoints: z
		.array(
			z.looseObject({
				addresses: z.array(z.string()),
				conditions: z.looseObject({ ready: z.boolean().optional() }),
			}),
		)
		.nullish()
		.transform((all) => all ?? []),
	ports: z
		.array(z.looseObject({ name: z.string().default(""), port: z.number() }))
		.nullish()
		.transform((all) => all ?? []),
});
const service = kubeObject.extend({
	spec: z.looseObject({
		ports: z.tuple([z.looseObject({ nodePort: z.number() })]),
	}),
});

/**
 * Opens a port on every node that leads to Grafana's pod, because a browser has no other way into the cluster.
 *
 * @param namespace the test's own: the port is closed when it is deleted
 * @returns the port's number
 */
export async function openGrafanaPort(
	kube: KubeClient,
	stackNamespace: string,
	namespace: string,
): Promise<number> {
	const grafana = await findGrafanaService(kube, stackNamespace);
	const endpoint = await eventually(
		`Service ${grafana.name} leads to a pod that is ready`,
		budgets.podRestart,
		async () => {
			const slices = await kube.list(
				{
					apiVersion: "discovery.k8s.io/v1",
					kind: "EndpointSlice",
					namespace: stackNamespace,
					labelSelector: `kubernetes.io/service-name=${grafana.name}`,
				},
				grafanaSlice,
			);
			for (const { addressType, endpoints, ports } of slices) {
				const ready = endpoints.find(
					({ conditions }) => conditions.ready !== false,
				);
				const port = ports.find(({ name }) => name === grafana.portName);
				if (ready && port)
					return { addressType, addresses: ready.addresses, port: port.port };
			}
			return notYet("it leads to none");
		},
	);
	const name = "grafana";
	const [created] = await kube.apply([
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
			addressType: endpoint.addressType,
			endpoints: [{ addresses: endpoint.addresses }],
			ports: [{ port: endpoint.port, protocol: "TCP" }],
		},
	]);
	return parseAs(service, created, "the Service that was planted").spec.ports[0]
		.nodePort;
}
