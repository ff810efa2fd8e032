import { stringAt } from "../../../common/parsing/yaml-map.ts";
import type { RepositoryTree } from "../git/tree.ts";
import { groupOf, namespaceOf, type Resource } from "../kustomize/resource.ts";
import { nearest } from "./data.ts";

/** Where a HelmRelease finds what it refers to. */
export interface FluxSurroundings {
	readonly tree: RepositoryTree;
	/** Applied together with it. */
	readonly together: readonly Resource[];
	/** Everything in the repository. */
	readonly everywhere: readonly Resource[];
}

/** The HelmRepository, OCIRepository or the like that an object refers to. */
export function findSource(
	kind: string,
	reference: object,
	holder: Resource,
	{ together, everywhere }: FluxSurroundings,
): Resource | undefined {
	const name = stringAt(reference, "name") ?? "";
	const namespace = stringAt(reference, "namespace") ?? namespaceOf(holder);
	const { file } = holder.place;
	const isSource = (each: Resource) => groupOf(each).endsWith("fluxcd.io");
	return (
		nearest(together.filter(isSource), kind, name, namespace, file) ??
		nearest(everywhere.filter(isSource), kind, name, namespace, file)
	);
}
