import { omit } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { changedKinds } from "./changed-kinds.ts";
import { asObject, at } from "./fields.ts";
import { operatorWorkloads } from "./operator-kinds.ts";
import { pairByKey } from "./pairs.ts";
import { renameWithin, renamingOf, takeRenamedTogether } from "./renaming.ts";
import { objectKey, type Side } from "./side.ts";

/**
 * The old side with the names and kinds that its objects have on the new one, so that comparisons that pair them by
 * name and kind find what else changes in them.
 */
export function renamedSide(a: Side, b: Side): Side {
	const { gone, added } = pairByKey(a.objects, b.objects, objectKey);
	const renaming = renamingOf(a, b);
	const replaced = new Map([
		...takeRenamedTogether(gone, added, renaming).map(
			([old, now]): [Manifest, Manifest] => [
				old,
				renaming ? withNewStorage(renameWithin(old, renaming, now), now) : old,
			],
		),
		...changedKinds(gone, added).map(([old, now]): [Manifest, Manifest] => [
			old,
			asKindOf(old, now),
		]),
	]);
	if (replaced.size === 0) return a;
	const newKeys = new Map(
		[...replaced].map(([old, now]) => [objectKey(old), objectKey(now)]),
	);
	return {
		...a,
		objects: a.objects.map((each) => replaced.get(each) ?? each),
		unstable: new Map(
			[...a.unstable].map(([key, entries]) => [
				newKeys.get(key) ?? key,
				entries,
			]),
		),
	};
}

/** What becomes of the data under another name is told with that name. */
function withNewStorage(old: Manifest, now: Manifest): Manifest {
	if (!operatorWorkloads.includes(old.kind)) return old;
	const storage = at(now, "spec.storage");
	return {
		...old,
		spec: {
			...omit(asObject(old.spec), ["storage"]),
			...(storage !== undefined && { storage }),
		},
	};
}

/** A workload as one of another kind: what no other kind has is as on the new side. */
function asKindOf(old: Manifest, now: Manifest): Manifest {
	const replicas = [old, now].some(({ kind }) => kind === "DaemonSet")
		? at(now, "spec.replicas")
		: at(old, "spec.replicas");
	return {
		...old,
		kind: now.kind,
		apiVersion: now.apiVersion,
		spec: {
			...omit(asObject(now.spec), ["replicas"]),
			...(replicas !== undefined && { replicas }),
			template: at(old, "spec.template"),
		},
	};
}
