import { cloneDeepWith, omit } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { changedKinds } from "./changed-kinds.ts";
import { asObject, at } from "./fields.ts";
import { operatorWorkloads } from "./operator-kinds.ts";
import { pairByKey } from "./pairs.ts";
import { renameWithin, renamingOf, takeRenamedTogether } from "./renaming.ts";
import { objectKey, type Side } from "./side.ts";

/**
 * The old side whose objects are there a second time, under the names and kinds that they have on the new one: so
 * comparisons that pair them find what else changes in them, and those that look for what an object names find it under
 * either name.
 */
export function withNewNames(a: Side, b: Side): Side {
	const { gone, added } = pairByKey(a.objects, b.objects, objectKey);
	const again = [
		...takeRenamedObjects(a, b, gone, added).map(([old, now, renamed]) => ({
			old,
			renamed: withNewStorage(renamed, now),
		})),
		...changedKinds(gone, added).map(([old, now]) => ({
			old,
			renamed: asKindOf(old, now),
		})),
	];
	return again.length === 0
		? a
		: {
				...a,
				objects: [...a.objects, ...again.map(({ renamed }) => renamed)],
				unstable: new Map([
					...a.unstable,
					...again.flatMap(({ old, renamed }) => {
						const entries = a.unstable.get(objectKey(old));
						return entries ? [[objectKey(renamed), entries] as const] : [];
					}),
				]),
			};
}

/** The old side whose objects are there under their new names alone, by which the others name them, too. */
export function underNewNames(a: Side, b: Side): Side {
	const { gone, added } = pairByKey(a.objects, b.objects, objectKey);
	const renamed = new Map(
		takeRenamedObjects(a, b, gone, added).map(([old, , each]) => [old, each]),
	);
	if (renamed.size === 0) return a;
	const names = new Map(
		[...renamed].map(([old, now]) => [old.metadata.name, now.metadata.name]),
	);
	return {
		...a,
		objects: a.objects.map((each) =>
			cloneDeepWith(renamed.get(each) ?? each, (value: unknown) =>
				typeof value === "string" ? (names.get(value) ?? value) : undefined,
			),
		),
	};
}

/** Takes renamed objects out of `gone` and `added`: each as it was, as it is, and as it was under its new name. */
function takeRenamedObjects(
	a: Side,
	b: Side,
	gone: Manifest[],
	added: Manifest[],
): [Manifest, Manifest, Manifest][] {
	const renaming = renamingOf(a, b);
	return renaming
		? takeRenamedTogether(gone, added, renaming).map(([old, now]) => [
				old,
				now,
				renameWithin(old, renaming, now),
			])
		: [];
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
