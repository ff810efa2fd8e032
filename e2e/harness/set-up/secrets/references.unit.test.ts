import { expect, test } from "vitest";
import { listSecretReferences } from "./references.ts";

const make = (kind: string, spec: object, namespace?: string) => ({
	apiVersion: "v1",
	kind,
	metadata: { name: "x", namespace },
	spec,
});
const find = (...args: Parameters<typeof make>) =>
	listSecretReferences([make(...args)], "monitoring").map(
		({ secret, key, field }) =>
			`${field}: ${secret}${key ? `, key ${key}` : ""}`,
	);
const inPod = (spec: object) =>
	find("Deployment", { template: { spec: { containers: [], ...spec } } });
const inContainer = (container: object) => inPod({ containers: [container] });

test.each([
	[
		"a variable",
		inContainer({
			env: [{ valueFrom: { secretKeyRef: { name: "a", key: "k" } } }],
		}),
		["secretKeyRef: a, key k"],
	],
	[
		"all variables",
		inContainer({ envFrom: [{ secretRef: { name: "a" } }] }),
		["secretRef: a"],
	],
	[
		"a volume",
		inPod({ volumes: [{ name: "v", secret: { secretName: "a" } }] }),
		["secret: a"],
	],
	[
		"a volume with some keys",
		inPod({
			volumes: [
				{ secret: { secretName: "a", items: [{ key: "k", path: "p" }] } },
			],
		}),
		["secret: a, key k"],
	],
	[
		"a projected volume",
		inPod({
			volumes: [{ projected: { sources: [{ secret: { name: "a" } }] } }],
		}),
		["secret: a"],
	],
	[
		"the operator's objects",
		find("Prometheus", {
			secrets: ["a"],
			additionalScrapeConfigs: { name: "b", key: "jobs.yaml" },
			thanos: { objectStorageConfig: { name: "c", key: "bucket.yaml" } },
			remoteWrite: [{ basicAuth: { username: { name: "d", key: "user" } } }],
		}),
		[
			"secrets: a",
			"additionalScrapeConfigs: b, key jobs.yaml",
			"objectStorageConfig: c, key bucket.yaml",
			"username: d, key user",
		],
	],
	[
		"Alertmanager's configuration",
		find("Alertmanager", { configSecret: "a" }),
		["configSecret: a, key alertmanager.yaml"],
	],
])("the Secret of %s is found", (_, found, expected) => {
	expect(found).toEqual(expected);
});

test.each([
	[
		"what is optional",
		inContainer({
			env: [
				{
					valueFrom: { secretKeyRef: { name: "a", key: "k", optional: true } },
				},
			],
		}),
	],
	[
		"ConfigMaps",
		inContainer({
			env: [{ valueFrom: { configMapKeyRef: { name: "a", key: "k" } } }],
		}),
	],
	["other namespaces", find("Prometheus", { secrets: ["a"] }, "elsewhere")],
	["schemas", find("CustomResourceDefinition", { secrets: ["a"] })],
])("%s are no references that anything waits for", (_, found) => {
	expect(found).toEqual([]);
});
