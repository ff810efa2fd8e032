import { posix } from "node:path";
import type { Pod } from "../../clients/kube-objects.ts";
import type { FileTree } from "../../common/tar.ts";
import type { Nodes } from "../../harness/cluster/nodes.ts";

/** Where the operator puts the configuration that Alertmanager reads. */
const ofConfig = "/etc/alertmanager/config_out";

/**
 * The files of a configuration's `templates`, as Alertmanager's process sees them.
 *
 * @param globs e.g. `/etc/alertmanager/config/*.tmpl`
 * @returns their contents in numbered folders, in their order: a file's name is that of its template
 */
export async function readTemplateFiles(
	nodes: Pick<Nodes, "findProcess" | "script">,
	{ metadata, spec }: Pick<Pod, "metadata" | "spec">,
	globs: readonly string[],
): Promise<FileTree> {
	if (globs.length === 0) return {};
	const { pid, node } = await nodes.findProcess(
		spec.nodeName ?? "",
		metadata.uid,
		"alertmanager",
	);
	const root = `/proc/${pid}/root`;
	const files: Record<string, string> = {};
	for (const glob of globs) {
		const listed = await nodes.script(
			node,
			// Alertmanager takes a glob that matches nothing, too.
			'for file in $1; do [ -f "$file" ] && echo "$file"; done; true',
			root + posix.resolve(ofConfig, glob),
		);
		for (const path of listed.split("\n").filter(Boolean)) {
			const number = String(Object.keys(files).length).padStart(3, "0");
			files[`${number}/${posix.basename(path)}`] = await nodes.script(
				node,
				'cat "$1"',
				path,
			);
		}
	}
	return files;
}
