import pLimit from "p-limit";
import { z } from "zod";
import { isNotFound } from "../../../../clients/api-server/kube-error.ts";
import { kubeObject, type Manifest } from "../../../../clients/kube-objects.ts";
import type { KubeClient } from "../../../../clients/kubernetes.ts";
import { argoManager } from "./apply.ts";

const entry = z.looseObject({
	manager: z.string().default(""),
	operation: z.string().default(""),
	subresource: z.string().optional(),
});
type Entry = z.infer<typeof entry>;

const managed = kubeObject.extend({
	metadata: z.looseObject({ managedFields: z.array(entry).default([]) }),
});

/** Who installs the first chart in the test: Helm, and the CRDs the test itself. */
const installers = ["helm", "o11y-e2e"];
const inParallel = 8;

/**
 * Makes Argo CD the owner of what installed the first chart, as if it had done that itself. Server-side apply only removes a
 * field that no other manager owns: https://kubernetes.io/docs/reference/using-api/server-side-apply/
 *
 * @param namespace of objects that name none
 */
export async function takeOver(
	kube: KubeClient,
	objects: readonly Manifest[],
	namespace: string,
): Promise<void> {
	await pLimit(inParallel).map(
		[...objects],
		async ({ apiVersion, kind, metadata }) => {
			const ref = {
				apiVersion,
				kind,
				name: metadata.name,
				namespace: metadata.namespace ?? namespace,
			};
			try {
				const found = await kube.get(ref, managed);
				const { managedFields: now } = found.metadata;
				const managedFields = withOwner(now);
				if (managedFields !== now)
					await kube.mergePatch(ref, { metadata: { managedFields } });
			} catch (error) {
				// The sync creates it.
				if (!isNotFound(error)) throw error;
			}
		},
	);
}

/** The entries with Argo CD's in place of the installer's; the same list if there is none of an installer. */
export function withOwner(entries: readonly Entry[]): readonly Entry[] {
	const isOf =
		(names: readonly string[]) =>
		({ manager, subresource }: Entry) =>
			names.includes(manager) && subresource === undefined;
	const installer = entries.find(isOf(installers));
	if (!installer) return entries;
	const isReplaced = isOf([...installers, argoManager]);
	return [
		{ ...installer, manager: argoManager, operation: "Apply" },
		...entries.filter((each) => !isReplaced(each)),
	];
}
