import { expect, test } from "vitest";
import { makeUp } from "./made-up.ts";

const manifests = `
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: { name: one, namespace: monitoring }
spec:
  nodeSelector: { disk: ssd, kubernetes.io/os: linux }
  storage: { volumeClaimTemplate: { spec: { storageClassName: fast } } }
`;
test("what the charts refer to and do not contain is made up and announced", () => {
	const { objects, nodes, announcements } = makeUp([{ manifests }]);
	expect(nodes).toMatchObject([
		{ metadata: { name: "large", labels: { disk: "ssd" } } },
	]);
	expect(
		objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
	).toEqual(["StorageClass fast"]);
	expect(announcements).toHaveLength(2);
});
