import { expect, test } from "vitest";
import { nodeFileTargets, readNodeFiles } from "./node-files.ts";

const targetsOf = async (kubeVersion: string, hasSysResource: boolean) => {
	const files = await readNodeFiles({
		machine: { hasSysResource },
		registryMirror: "registry:5000",
		kubeVersion,
	});
	return files.map(({ target }) => target);
};

const template1 = ["config.toml.tmpl"];
const template2 = [
	"config-v3.toml.tmpl",
	"config-v3.toml.d/restrict-oom-score.toml",
];
const dropIn = ["config-v3.toml.d/restrict-oom-score.toml"];

test.each([
	["1.25.4", template1],
	["1.31.5", template1],
	["1.31.6", template2],
	["1.31.14", template2],
	["1.32.0", template1],
	["1.32.1", template1],
	["1.32.2", template2],
	["1.33.0", template2],
	["1.34.1", template2],
	["1.34.6", dropIn],
	["1.35.2", template2],
	["1.35.3", dropIn],
	["1.36.0", dropIn],
])(
	"on a machine without CAP_SYS_RESOURCE, containerd of k3s %s is told by %j",
	async (version, files) => {
		const [registries, ...containerd] = await targetsOf(version, false);
		expect(registries).toBe("/etc/rancher/k3s/registries.yaml");
		const folder = "/var/lib/rancher/k3s/agent/etc/containerd";
		expect(containerd).toEqual(files.map((file) => `${folder}/${file}`));
		// A node that is rebuilt gets what these name.
		expect(nodeFileTargets).toEqual(
			expect.arrayContaining([registries, ...containerd]),
		);
	},
);

test("elsewhere, nothing of containerd is changed", async () => {
	expect(await targetsOf("1.34.1", true)).toEqual([
		"/etc/rancher/k3s/registries.yaml",
	]);
});
