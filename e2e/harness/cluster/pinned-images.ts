import type { Environment } from "../../common/environment.ts";
import { Nodes } from "./nodes.ts";

const ctr = [
	"ctr",
	"--address=/run/k3s/containerd/containerd.sock",
	"--namespace=k8s.io",
	"images",
];

/**
 * Gives nodes the images that pods name by their digest. The engine has checked the digest of those that it pulled; but it
 * does not keep their compressed layers, so the registry has them under another digest, and nodes could not pull them.
 *
 * @param images the name by which containerd looks for each, and its name in the nodes' registry
 */
export async function providePinnedImages(
	{ nodes: containers }: Pick<Environment, "nodes">,
	images: readonly { readonly name: string; readonly published: string }[],
): Promise<void> {
	const nodes = await Nodes.connect({ nodes: containers });
	const provide = async (node: string) => {
		for (const { name, published } of images) {
			await nodes.exec(node, [...ctr, "pull", "--plain-http", published]);
			await nodes.exec(node, [...ctr, "tag", "--force", published, name]);
		}
	};
	await Promise.all(nodes.names.map(provide));
}
