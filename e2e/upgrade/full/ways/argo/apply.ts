import { groupBy, partition } from "es-toolkit";
import type { Manifest } from "../../../../clients/kube-objects.ts";
import { messageOf, SetUpError } from "../../../../common/errors.ts";
import { syncOptionsOf } from "../../../plan/tool/apply.ts";
import type { Tool } from "../../../tools/tool.ts";
import { isCrd, waitUntilEstablished } from "../crds.ts";
import type { Kubectl } from "../kubectl.ts";

type ApplyMethod = "client-side" | "server-side" | "replaced";

/** The field manager by which Argo CD applies. */
export const argoManager = "argocd-controller";
const manager = `--field-manager=${argoManager}`;

/** How an object is applied: as its own annotation says, or else as the Application does. */
export function applyMethodOf(
	object: Manifest,
	usual: Tool["apply"],
): ApplyMethod {
	const options = syncOptionsOf(object);
	if (options.includes("Replace=true")) return "replaced";
	if (options.includes("ServerSideApply=true")) return "server-side";
	if (options.includes("ServerSideApply=false"))
		return usual === "replaced" ? "replaced" : "client-side";
	return usual === "replaced" || usual === "server-side"
		? usual
		: "client-side";
}

/** What objects are applied with. */
export interface ApplyMeans {
	readonly kubectl: Kubectl;
	/** Of objects that name none. */
	readonly namespace: string;
	/** How objects are applied that say nothing else. */
	readonly apply: Tool["apply"];
}

/**
 * Applies objects in their order, namespaces and CRDs first. One that is refused does not stop the others, as in Argo CD.
 *
 * @returns what was refused, in kubectl's words
 */
export async function applyAll(
	means: ApplyMeans,
	objects: readonly Manifest[],
): Promise<string[]> {
	const [first, rest] = partition(
		objects,
		(each) => isCrd(each) || each.kind === "Namespace",
	);
	const refused = await applyGroup(means, first);
	if (refused.length === 0)
		await means.kubectl(waitUntilEstablished(), first.filter(isCrd));
	return [...refused, ...(await applyGroup(means, rest))];
}

async function applyGroup(
	{ kubectl, namespace, apply }: ApplyMeans,
	objects: readonly Manifest[],
): Promise<string[]> {
	const {
		"client-side": clientSide = [],
		"server-side": serverSide = [],
		replaced = [],
	} = groupBy(objects, (each) => applyMethodOf(each, apply));
	const isThere = await findExisting(kubectl, replaced, namespace);
	const [existing, missing] = partition(replaced, isThere);
	const calls = [
		[["apply", manager], clientSide],
		[["apply", "--server-side", "--force-conflicts", manager], serverSide],
		// The same requests as those of Argo CD.
		[["replace"], existing],
		[["create"], missing],
	] as const;
	const refused: string[] = [];
	for (const [args, some] of calls)
		refused.push(...(await wordsIfRefused(() => kubectl(args, some))));
	return refused;
}

/** Asks which of these objects exist. */
async function findExisting(
	kubectl: Kubectl,
	objects: readonly Manifest[],
	usual: string,
): Promise<(object: Manifest) => boolean> {
	const columns =
		"KIND:.kind,NAMESPACE:.metadata.namespace,NAME:.metadata.name";
	const printed = await kubectl(
		[
			"get",
			"--ignore-not-found",
			"--no-headers",
			`--output=custom-columns=${columns}`,
		],
		objects,
	);
	const found = new Set(
		printed.split("\n").map((line) => line.trim().split(/\s+/).join(" ")),
	);
	return ({ kind, metadata: { name, namespace = usual } }) =>
		// Objects of the whole cluster have no namespace there.
		[namespace, "<none>"].some((each) => found.has(`${kind} ${each} ${name}`));
}

async function wordsIfRefused(
	action: () => Promise<unknown>,
): Promise<string[]> {
	try {
		await action();
		return [];
	} catch (error) {
		if (!(error instanceof SetUpError)) throw error;
		return [messageOf(error)];
	}
}
