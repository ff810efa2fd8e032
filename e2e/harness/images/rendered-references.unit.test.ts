import { expect, test } from "vitest";
import { imagesOf } from "./rendered-references.ts";

test("images of containers, custom resources and the operator's flags are found, once each", () => {
	const manifests = `
kind: Deployment
spec:
  template:
    spec:
      initContainers:
        - image: "quay.io/a/init:v1"
      containers:
        - name: plain
          image: busybox
        - name: tagged
          image: busybox:1.37
        - image: quay.io/a/main:v1
          args:
            - --prometheus-config-reloader=quay.io/a/reloader:v2
            - --thanos-default-base-image=quay.io/a/thanos:v3
            - --prometheus-default-base-image=quay.io/a/without-a-tag
            - --kubelet-service=kube-system/kubelet
---
kind: Prometheus
spec:
  image: quay.io/a/main:v1
  thanos:
    image: quay.io/a/sidecar@sha256:0f0f
---
kind: ConfigMap
data:
  image: not an image
---
kind: ConfigMap
data:
  image: logo
`;
	expect(imagesOf(manifests)).toEqual([
		"busybox",
		"busybox:1.37",
		"quay.io/a/init:v1",
		"quay.io/a/main:v1",
		"quay.io/a/reloader:v2",
		"quay.io/a/sidecar@sha256:0f0f",
		"quay.io/a/thanos:v3",
	]);
});

test("an empty text has no images", () => {
	expect(imagesOf("")).toEqual([]);
});
