import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { findHidden } from "./hidden-texts.ts";

const canary = "canary-0123456789abcdef0123456789abcdef";
const base64 = (text: string | Uint8Array) =>
	Buffer.from(text).toString("base64");
const find = (object: unknown) =>
	findHidden(object, [{ what: "the canary", needles: [canary] }]);

const pod = (container: object) => ({
	metadata: { name: "backup", annotations: {} },
	spec: { containers: [{ name: "backup", ...container }] },
});

test.each([
	["a variable", pod({ env: [{ name: "P", value: canary }] }), "env[0].value"],
	["arguments", pod({ args: ["--to", `s3://k:${canary}@b`] }), "args[1]"],
	["a command", pod({ command: ["sh", "-c", `P=${canary}`] }), "command[2]"],
	[
		"a probe's header",
		pod({
			livenessProbe: {
				httpGet: { httpHeaders: [{ name: "Authorization", value: canary }] },
			},
		}),
		"livenessProbe.httpGet.httpHeaders[0].value",
	],
	[
		"a hook",
		pod({
			lifecycle: { preStop: { exec: { command: ["curl", base64(canary)] } } },
		}),
		"lifecycle.preStop.exec.command[1]",
	],
])("it is found in a container's %s", (_, object, path) => {
	expect(find(object)).toEqual([`the canary at spec.containers[0].${path}`]);
});

test.each([
	[
		"a CronJob",
		{
			spec: {
				jobTemplate: {
					spec: {
						template: {
							spec: { initContainers: [{ env: [{ value: canary }] }] },
						},
					},
				},
			},
		},
		"spec.jobTemplate.spec.template.spec.initContainers[0].env[0].value",
	],
	[
		"an annotation with the manifest",
		{
			metadata: {
				annotations: {
					"kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({
						password: canary,
					}),
				},
			},
		},
		'metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"]',
	],
	[
		"an Application's values",
		{
			spec: { source: { helm: { values: `admin:\n  password: ${canary}\n` } } },
		},
		"spec.source.helm.values",
	],
	[
		"a Helm release",
		{ data: { release: base64(base64(gzipSync(`{"a":"${canary}"}`))) } },
		"data.release",
	],
	["a key", { data: { [canary]: "" } }, "data, a key"],
])("it is found in %s", (_, object, path) => {
	expect(find(object)).toEqual([`the canary at ${path}`]);
});

test("nothing is found where nothing is, and a found secret is not quoted", () => {
	expect(find(pod({ env: [{ name: "P", value: "/etc/password" }] }))).toEqual(
		[],
	);
	expect(find(pod({ args: [canary] })).join()).not.toContain(canary);
});
