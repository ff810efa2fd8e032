import { expect, test } from "vitest";
import { parseManifests } from "../../../clients/api-server/manifests.ts";
import { withChecksums } from "./start.ts";

const manifests = (setting: string, replicas: number) =>
	parseManifests(`
apiVersion: v1
kind: ConfigMap
metadata: { name: config, namespace: a }
data: { setting: ${setting} }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: server, namespace: a }
spec:
  replicas: ${replicas}
  template:
    metadata:
      labels: { app: server }
      annotations: { kept: "yes" }
`);
const templateOf = (setting: string, replicas = 1) => {
	const [config, server] = withChecksums(manifests(setting, replicas));
	expect(config).toEqual(manifests(setting, replicas)[0]);
	return Object(server?.spec).template;
};

test("a pod's template changes if a ConfigMap does, and not if anything else does", () => {
	expect(templateOf("a")).not.toEqual(templateOf("b"));
	expect(templateOf("a", 1)).toEqual(templateOf("a", 2));
	expect(templateOf("a").metadata).toMatchObject({
		labels: { app: "server" },
		annotations: { kept: "yes" },
	});
});
