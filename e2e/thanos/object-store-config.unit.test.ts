import { expect, test } from "vitest";
import { pod } from "../clients/kube-objects.ts";
import {
	describeObjectStore,
	findObjectStoreKey,
} from "./object-store-config.ts";

const key = { name: "thanos-objstore", key: "objstore.yml" };

function find(container: object) {
	const { spec } = pod.parse({
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name: "p", namespace: "monitoring", uid: "1" },
		spec: {
			containers: [{ name: "thanos", ...container }],
			volumes: [{ name: "objstore", secret: { secretName: key.name } }],
		},
	});
	const [own] = spec.containers;
	return own && findObjectStoreKey({ spec }, own);
}

test("a container has its object store from a variable or a mounted file", () => {
	const env = [{ name: "STORE", valueFrom: { secretKeyRef: key } }];
	const volumeMounts = [{ name: "objstore", mountPath: "/etc/thanos" }];
	expect(
		find({ args: ["sidecar", "--objstore.config=$(STORE)"], env }),
	).toMatchObject(key);
	expect(
		find({
			args: ["--objstore.config-file=/etc/thanos/objstore.yml"],
			volumeMounts,
		}),
	).toEqual(key);
	expect(find({ args: ["query"], env })).toBeUndefined();
});

test.each([
	[
		"{ type: S3, config: { bucket: b, endpoint: 'minio:9000', secret_key: s } }",
		"bucket b at minio:9000 (type S3)",
	],
	[
		"{ type: S3, config: { bucket: b }, prefix: homelab }",
		"bucket b (type S3, below homelab)",
	],
	[
		"{ type: FILESYSTEM, config: { directory: /tmp/blocks } }",
		"folder /tmp/blocks (type FILESYSTEM)",
	],
	["", undefined],
])("%s is told without credentials", (yaml, told) => {
	expect(describeObjectStore(yaml)).toBe(told);
});
