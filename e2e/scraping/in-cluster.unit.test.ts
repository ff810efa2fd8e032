import { expect, test } from "vitest";
import { kubeObject } from "../clients/kube-objects.ts";
import { isInCluster } from "./in-cluster.ts";

const services = [
	kubeObject.parse({
		apiVersion: "v1",
		kind: "Service",
		metadata: { name: "minio", namespace: "minio" },
	}),
];
const judge = (address: string, labels = {}) =>
	isInCluster(
		{ discoveredLabels: { __address__: address, ...labels } },
		services,
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
