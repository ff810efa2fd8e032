import { readFile } from "node:fs/promises";
import { gte } from "semver";
import { projectPath } from "../../common/paths.ts";
import type { Machine } from "./machine.ts";

const containerd = "/var/lib/rancher/k3s/agent/etc/containerd";

const registriesFile = "/etc/rancher/k3s/registries.yaml";
const containerdFiles = {
	2: `${containerd}/config-v3.toml.d/restrict-oom-score.toml`,
	1: `${containerd}/config.toml.tmpl`,
};

/** Where all of these files are, whatever the node's version and machine: not every node has each. */
export const nodeFileTargets = [
	registriesFile,
	...Object.values(containerdFiles),
];

/** A file in a node's container. */
interface NodeFile {
	readonly content: string;
	readonly target: string;
}

/** The files that a node has before it starts. */
export async function readNodeFiles({
	machine,
	registryMirror,
	kubeVersion,
}: {
	readonly machine: Machine;
	readonly registryMirror: string;
	readonly kubeVersion: string;
}): Promise<NodeFile[]> {
	const registries = `mirrors:\n  "*":\n    endpoint: ["http://${registryMirror}"]\n`;
	const files = [{ content: registries, target: registriesFile }];
	if (!machine.hasSysResource)
		files.push(await readContainerdConfig(kubeVersion));
	return files;
}

/** Without CAP_SYS_RESOURCE, runc cannot set a pod's OOM score, and no pod starts. */
async function readContainerdConfig(kubeVersion: string): Promise<NodeFile> {
	// k3s brings containerd 2 since 1.32, which reads parts of its configuration from a folder.
	if (gte(kubeVersion, "1.32.0"))
		return {
			content:
				"[plugins.'io.containerd.cri.v1.runtime']\n  restrict_oom_score_adj = true\n",
			target: containerdFiles[2],
		};
	const template = projectPath("stack/images/k3s/config.toml.tmpl");
	return {
		content: await readFile(template, "utf8"),
		target: containerdFiles[1],
	};
}
