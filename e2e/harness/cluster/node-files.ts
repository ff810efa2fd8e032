import { readFile } from "node:fs/promises";
import { dirname } from "node:path/posix";
import { satisfies } from "semver";
import { projectPath } from "../../common/paths.ts";
import type { Machine } from "./machine.ts";

const containerd = "/var/lib/rancher/k3s/agent/etc/containerd";

const registriesFile = "/etc/rancher/k3s/registries.yaml";
/** Files of containerd's configuration, as k3s makes it. */
const containerdFiles = {
	/** Instead of k3s' own template, for containerd 1. */
	template1: `${containerd}/config.toml.tmpl`,
	/** As above, for containerd 2. */
	template2: `${containerd}/config-v3.toml.tmpl`,
	/** Read beside what k3s renders, if that imports the folder. */
	dropIn: `${containerd}/config-v3.toml.d/restrict-oom-score.toml`,
};

/** docs.k3s.io/advanced#configuring-containerd */
const hasContainerd2 = "1.31.6 - 1.31 || >=1.32.2";
/** k3s#13680, in the releases of March 2026. */
const importsDropIns = "1.33.10 - 1.33 || 1.34.6 - 1.34 || >=1.35.3";

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
		files.push(...(await readContainerdConfig(kubeVersion)));
	return files;
}

/** Without CAP_SYS_RESOURCE, runc cannot set a pod's OOM score, and no pod starts. */
async function readContainerdConfig(kubeVersion: string): Promise<NodeFile[]> {
	if (!satisfies(kubeVersion, hasContainerd2)) {
		const template = projectPath("stack/images/k3s/config.toml.tmpl");
		const content = await readFile(template, "utf8");
		return [{ content, target: containerdFiles.template1 }];
	}
	const dropIn = {
		content:
			"version = 3\n[plugins.'io.containerd.cri.v1.runtime']\n  restrict_oom_score_adj = true\n",
		target: containerdFiles.dropIn,
	};
	if (satisfies(kubeVersion, importsDropIns)) return [dropIn];
	// The table is in k3s' own template, and TOML allows it once: it can only be added to by another file. So can `imports`.
	const template = {
		content: `imports = ["${dirname(dropIn.target)}/*.toml"]\n{{ template "base" . }}\n`,
		target: containerdFiles.template2,
	};
	return [template, dropIn];
}
