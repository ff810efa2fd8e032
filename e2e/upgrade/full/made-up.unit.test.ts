import { expect, test } from "vitest";
import { makeUp } from "./made-up.ts";

const manifests = `
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: { name: one, namespace: monitoring }
spec:
  nodeSelector: { disk: ssd, kubernetes.io/os: linux }
  storage: { volumeClaimTemplate: { spec: { storageClassName: fast } } }
  thanos: { objectStorageConfig: { name: my-bucket, key: thanos.yaml } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: two, namespace: monitoring }
spec:
  template:
    spec:
      containers:
        - name: a
          env:
            - { name: A, valueFrom: { secretKeyRef: { name: login, key: password } } }
            - { name: B, valueFrom: { secretKeyRef: { name: own, key: password } } }
            - { name: C, valueFrom: { configMapKeyRef: { name: settings, key: a } } }
---
apiVersion: v1
kind: Secret
metadata: { name: own, namespace: monitoring }
`;
const prepared = {
	namespace: "monitoring",
	charts: [{ manifests }],
	objectStore: {
		port: 9000,
		access: { bucket: "thanos" },
		thanosUser: { accessKey: "a", secretKey: "b" },
	},
	slackWebhookUrl: "http://slack/x",
};

test("what the charts refer to and do not contain is made up and announced", () => {
	const { objects, nodes, announcements } = makeUp(prepared);
	expect(nodes).toMatchObject([
		{ metadata: { name: "large", labels: { disk: "ssd" } } },
	]);
	expect(
		objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
	).toEqual(["StorageClass fast", "Secret my-bucket", "Secret login"]);
	expect(objects[1]?.stringData).toHaveProperty(
		["thanos.yaml"],
		expect.stringContaining("bucket: thanos"),
	);
	expect(announcements).toHaveLength(4);
});
