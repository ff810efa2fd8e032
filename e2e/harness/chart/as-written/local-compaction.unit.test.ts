import { expect, test } from "vitest";
import { compactsBesideUploads } from "./local-compaction.ts";

const operator = (tag: string) => ({
	apiVersion: "apps/v1",
	kind: "Deployment",
	metadata: { name: "operator" },
	spec: {
		template: {
			spec: {
				containers: [
					{
						name: "operator",
						image: `quay.io/prometheus-operator/prometheus-operator:${tag}`,
					},
				],
			},
		},
	},
});
const objectStorageConfig = { name: "objstore", key: "objstore.yml" };
const newest = {
	image: "quay.io/prometheus/prometheus:v3.14.0-distroless",
	version: "v3.14.0",
	thanos: { image: "quay.io/thanos/thanos:v0.42.1", objectStorageConfig },
};

test.each([
	["the versions of chart 88", newest, operator("v0.93.1"), true],
	["an older operator", newest, operator("v0.92.1"), false],
	[
		"an older Prometheus",
		{ ...newest, version: "v3.8.1" },
		operator("v0.93.1"),
		false,
	],
	[
		"an older Thanos",
		{ ...newest, thanos: { version: "v0.40.1", objectStorageConfig } },
		operator("v0.93.1"),
		false,
	],
	[
		"the operator's own Thanos",
		{ ...newest, thanos: { objectStorageConfig } },
		operator("v0.93.1"),
		true,
	],
	[
		"a Prometheus that names its image alone",
		{ image: "prometheus:v3.8.1", thanos: newest.thanos },
		operator("v0.93.0"),
		false,
	],
	[
		"compaction switched off",
		{ ...newest, disableCompaction: true },
		operator("v0.93.1"),
		false,
	],
	[
		"nothing that is uploaded",
		{ ...newest, thanos: { version: "v0.42.1" } },
		operator("v0.93.1"),
		false,
	],
	["a tag and a digest", newest, operator("v0.93.1@sha256:0a"), true],
])("with %s, it compacts beside uploads or not", (_, spec, deployed, on) => {
	expect(compactsBesideUploads(spec, [deployed])).toBe(on);
});
