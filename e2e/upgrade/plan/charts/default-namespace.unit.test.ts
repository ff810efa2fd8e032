import { expect, test } from "vitest";
import { parseManifests } from "../../../clients/api-server/manifests.ts";
import { withNamespaces } from "./default-namespace.ts";

const namespacesIn = (text: string) =>
	parseManifests(withNamespaces(text, "monitoring")).map(
		({ metadata }) => metadata.namespace,
	);

test("an object without a namespace is in the release's, if its kind has namespaces", () => {
	const text = `---
# Source: a.yaml
apiVersion: v1
kind: Secret
metadata:
  name: a
  labels:
    namespace: b
stringData:
  a.yaml: |
    metadata:
      namespace: c
---
apiVersion: monitoring.coreos.com/v1alpha1
kind: ScrapeConfig
metadata:
    # A comment.
    name: a
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: a
---
apiVersion: example.org/v1
kind: Gadget
metadata:
  name: a
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: a
---
kind: "ConfigMap"
apiVersion: "v1"
metadata:
  name: a`;
	expect(namespacesIn(text)).toEqual([
		...["monitoring", "monitoring", undefined, undefined],
		...["monitoring", "monitoring"],
	]);
});

test("an object's own namespace stays", () => {
	const text = `apiVersion: v1
kind: Service
metadata:

  labels:
    a: b
  namespace: kube-system
  name: a
spec: {}
`;
	expect(withNamespaces(text, "monitoring")).toBe(text);
});
