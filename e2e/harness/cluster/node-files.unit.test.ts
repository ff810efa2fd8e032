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

test.each([
	["1.25.4", "/config.toml.tmpl"],
	["1.31.9", "/config.toml.tmpl"],
	["1.32.0", "/config-v3.toml.d/restrict-oom-score.toml"],
	["1.35.1", "/config-v3.toml.d/restrict-oom-score.toml"],
])(
	"on a machine without CAP_SYS_RESOURCE, containerd of k3s %s is told by %s",
	async (version, end) => {
		const [registries, containerd, ...others] = await targetsOf(version, false);
		expect(registries).toBe("/etc/rancher/k3s/registries.yaml");
		expect(containerd).toMatch(new RegExp(`${end}$`));
		expect(others).toEqual([]);
		// A node that is rebuilt gets what these name.
		expect(nodeFileTargets).toEqual(
			expect.arrayContaining([registries, containerd]),
		);
	},
);

test("elsewhere, nothing of containerd is changed", async () => {
	expect(await targetsOf("1.34.1", true)).toEqual([
		"/etc/rancher/k3s/registries.yaml",
	]);
});
