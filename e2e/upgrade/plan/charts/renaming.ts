import { cloneDeepWith } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { pairByKey } from "./pairs.ts";
import { objectKey, type Side } from "./side.ts";

/** What the names of a release begin with before and after, such as those of fullnameOverride. */
export interface Renaming {
	readonly from: string;
	readonly to: string;
}

/** Fewer objects than this may have similar names by chance. */
const fewest = 3;

/**
 * How a whole release is renamed: several objects, of more than one kind, are removed, and each comes back under a name
 * that ends in the same way. Undefined if that is not so.
 */
export function renamingOf(a: Side, b: Side): Renaming | undefined {
	const { gone, added } = pairByKey(a.objects, b.objects, objectKey);
	const addedByKind = Map.groupBy(added, placeOf);
	const votes = new Map<string, { renaming: Renaming; voters: Manifest[] }>();
	for (const old of gone) {
		const found = (addedByKind.get(placeOf(old)) ?? []).flatMap(
			(now) => prefixesOf(old.metadata.name, now.metadata.name) ?? [],
		);
		for (const renaming of found) {
			const key = JSON.stringify(renaming);
			const voters = votes.get(key)?.voters ?? [];
			votes.set(key, { renaming, voters: [...voters, old] });
		}
	}
	const [winner] = [...votes.values()]
		.filter(
			({ voters }) =>
				new Set(voters).size >= fewest &&
				new Set(voters.map(({ kind }) => kind)).size > 1,
		)
		.sort((one, other) => other.voters.length - one.voters.length);
	return winner?.renaming;
}

/** The key of an object under its new name; undefined if it is not renamed. */
export function renamedKey(
	object: Manifest,
	renaming: Renaming | undefined,
): string | undefined {
	const { metadata } = object;
	if (!renaming || !metadata.name.startsWith(`${renaming.from}-`))
		return undefined;
	const name = renaming.to + metadata.name.slice(renaming.from.length);
	return objectKey({ ...object, metadata: { ...metadata, name } });
}

/** Takes the pairs of one renaming out of `gone` and `added`, and returns them. */
export function takeRenamedTogether(
	gone: Manifest[],
	added: Manifest[],
	renaming: Renaming | undefined,
): [Manifest, Manifest][] {
	return [...gone].flatMap((old): [Manifest, Manifest][] => {
		const wanted = renamedKey(old, renaming);
		const now = wanted && added.find((each) => objectKey(each) === wanted);
		if (!now) return [];
		gone.splice(gone.indexOf(old), 1);
		added.splice(added.indexOf(now), 1);
		return [[old, now]];
	});
}

function placeOf({ kind, metadata }: Manifest): string {
	return `${kind}/${metadata.namespace ?? ""}`;
}

/** What two names begin with, if they end in the same words. */
function prefixesOf(old: string, now: string): Renaming | undefined {
	const [from, to] = [old.split("-"), now.split("-")];
	let same = 0;
	while (
		same < Math.min(from.length, to.length) - 1 &&
		from.at(-1 - same) === to.at(-1 - same)
	)
		same += 1;
	const begin = (parts: readonly string[]) =>
		parts.slice(0, parts.length - same).join("-");
	return same === 0 ? undefined : { from: begin(from), to: begin(to) };
}

/** An object as it is under its new name, with the names of others in its spec, such as that of a server. */
export function renameWithin(
	object: Manifest,
	renaming: Renaming | undefined,
): Manifest {
	if (!renaming) return object;
	const { from, to } = renaming;
	return {
		...object,
		spec: cloneDeepWith(object.spec, (value: unknown) =>
			typeof value === "string"
				? value.replaceAll(`${from}-`, `${to}-`)
				: undefined,
		),
	};
}
