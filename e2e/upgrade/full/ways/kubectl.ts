import { isSeq, parseDocument } from "yaml";
import type { Manifest } from "../../../clients/kube-objects.ts";
import type { Environment } from "../../../common/environment.ts";
import { SetUpError } from "../../../common/errors.ts";
import { cutAfter } from "../../../common/secrecy/redact.ts";
import { NodeCommandError, Nodes } from "../../../harness/cluster/nodes.ts";

/**
 * Runs kubectl with these objects as its input; nothing without any. What has kubectl's code in it, such as Argo CD,
 * changes objects and fails in the same way.
 *
 * @param args the subcommand first
 * @returns what it printed
 * @throws SetUpError with kubectl's own words
 */
export type Kubectl = (
	args: readonly string[],
	objects: readonly Manifest[],
) => Promise<string>;

const node = "server";
/** k3s' own, whose API server is on the node itself. */
const ownKubeconfig = "/etc/rancher/k3s/k3s.yaml";
/** A tmpfs in every node. */
const folder = "/run";
const file = "upgrade.kubeconfig";

/**
 * Makes kubectl's calls on the server's node, where it is a part of k3s.
 *
 * @param namespace of objects that name none
 */
export async function connectKubectlOnNode(
	environment: Pick<Environment, "nodes">,
	namespace: string,
): Promise<Kubectl> {
	const nodes = await Nodes.connect(environment);
	const kubeconfig = await nodes.exec(node, ["cat", ownKubeconfig]);
	await nodes.copyIn(node, folder, {
		[file]: withNamespace(kubeconfig.toString(), namespace),
	});
	return async (args, objects) => {
		if (objects.length === 0) return "";
		const command = [
			"kubectl",
			...args,
			"--filename=-",
			`--kubeconfig=${folder}/${file}`,
		];
		try {
			const input = Buffer.from(makeInput(objects));
			return (await nodes.exec(node, command, input)).toString();
		} catch (cause) {
			if (!(cause instanceof NodeCommandError)) throw cause;
			const words = wordsOf(cause.stderr);
			throw new SetUpError(`kubectl ${args[0]} failed: ${words}`, { cause });
		}
	};
}

/**
 * One JSON document after the other. kubectl goes on after an object that is refused, and validates each by what the
 * API server says of its kind, which it does not do for a List.
 */
export function makeInput(objects: readonly Manifest[]): string {
	return objects.map((each) => `${JSON.stringify(each)}\n`).join("");
}

/** A kubeconfig whose current context has this namespace: the flag would refuse objects of all others. */
export function withNamespace(kubeconfig: string, namespace: string): string {
	const document = parseDocument(kubeconfig);
	const contexts = document.get("contexts");
	for (const [i] of isSeq(contexts) ? contexts.items.entries() : [])
		document.setIn(["contexts", i, "context", "namespace"], namespace);
	return document.toString();
}

/** The most of one message of kubectl's that is shown. */
const longest = 600;

/** Warnings, and the lines around a patch that is quoted. */
const quoted =
	/^(Warning: |\{|to:$|Resource: "|Name: ")|error when applying patch:$/;

/** kubectl's errors without its warnings, and without the patches that it quotes. */
export function wordsOf(stderr: string): string {
	const lines = stderr
		.split("\n")
		.map((line) =>
			line
				.trim()
				.replace(/^for: "STDIN": /, "")
				.replaceAll(/error when \w+ "STDIN": /g, ""),
		)
		.filter((line) => line !== "" && !quoted.test(line))
		.map((line) => cutAfter(line, longest));
	return lines.join("; ") || "it said nothing";
}
