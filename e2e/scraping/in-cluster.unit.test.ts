import { expect, test } from "vitest";
import { kubeObject, pod } from "../clients/kube-objects.ts";
import { isInCluster } from "./in-cluster.ts";

const services = [
	kubeObject.parse({
		apiVersion: "v1",
		kind: "Service",
		metadata: { name: "minio", namespace: "minio" },
	}),
];
const pods = [true, false].map((hostNetwork) =>
	pod.parse({
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name: "a", namespace: "monitoring" },
		spec: {
			hostNetwork,
			containers: [
				{ name: "a", ports: [{ containerPort: hostNetwork ? 9100 : 8080 }] },
			],
		},
	}),
);
const judge = (address: string, labels = {}, scraped = address) =>
	isInCluster(
		{
			discoveredLabels: { __address__: address, ...labels },
			scrapeUrl: `http://${scraped}/metrics`,
		},
		{ services, pods },
	);

test.each([
	"minio.minio.svc:9000",
	"minio.minio.svc.cluster.local:9000",
	"127.0.0.1:9090",
	"localhost:9090",
])("%s is in the cluster", (address) => {
	expect(judge(address)).toBe(true);
});

test.each([
	"192.168.1.9:9100",
	"nas.home.example:9100",
	"home-assistant.home.svc.cluster.local:8123",
	"home-assistant.minio.svc:8123",
])("%s is not in the cluster", (address) => {
	expect(judge(address)).toBe(false);
});

test("what Kubernetes' service discovery finds is in the cluster", () => {
	const labels = { __meta_kubernetes_pod_name: "a" };
	expect(judge("10.42.0.9:80", labels)).toBe(true);
});

const node = {
	__meta_kubernetes_node_name: "large",
	__meta_kubernetes_node_address_InternalIP: "172.18.0.2",
};
const kubelet = "172.18.0.2:10250";

test.each([
	["the kubelet", kubelet, node],
	["a pod's port on the node", "172.18.0.2:9100", node],
	["the kubelet through a Service", "minio.minio.svc:443", node],
	[
		"a pod with the labels of its node",
		"172.18.0.2:9633",
		{ ...node, __meta_kubernetes_pod_name: "a" },
	],
])("of what is discovered, %s is in the cluster", (_, scraped, labels) => {
	expect(judge(kubelet, labels, scraped)).toBe(true);
});

test.each([
	"172.18.0.2:9633",
	// Of a pod that is not on the node's network.
	"172.18.0.2:8080",
	"large.home.example:9633",
	"smartctl.storage.svc:9633",
])("a node that is scraped at %s is not", (scraped) => {
	expect(judge(kubelet, node, scraped)).toBe(false);
});

test("a scheme's own port need not be said", () => {
	expect(judge("172.18.0.2:80", node, "172.18.0.2")).toBe(true);
	expect(judge("[fd00::2]:10250", node, "[fd00::2]:10250")).toBe(true);
});
