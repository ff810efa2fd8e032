import { createHash } from "node:crypto";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { projectPath } from "../../e2e/common/paths.ts";
import { findPrivateNode } from "../private-node.mjs";

/** For tests: a module for Node's --import that makes a terminal of the standard input. */
export const playedTerminal =
	"data:text/javascript,process.stdin.isTTY = true;";

/**
 * For tests: makes a checkout in which the packages seem to be installed, with a script in the place of the private Node.
 *
 * @returns the path of its bootstrap.mjs
 */
export async function makeFakeCheckout(
	root: string,
	script: string,
): Promise<string> {
	for (const name of [
		"bootstrap",
		"home-folder",
		"install-packages",
		"npm-options",
		"private-node",
		"unsupported-system",
	])
		await cp(
			projectPath("scripts", `${name}.mjs`),
			join(root, "scripts", `${name}.mjs`),
		);
	const lock = "{}";
	const node = findPrivateNode(root);
	await mkdir(dirname(node), { recursive: true });
	await writeFile(join(root, "package-lock.json"), lock);
	await writeFile(
		join(root, "node_modules", ".o11y-e2e-lock"),
		createHash("sha256").update(lock).digest("hex"),
	);
	await writeFile(node, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
	return join(root, "scripts", "bootstrap.mjs");
}
