import { cloneDeepWith, isEqual } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { oncePerObject } from "../../../common/parsing/once-per-object.ts";
import { imagesIn } from "../../../harness/images/rendered-references.ts";
import { at } from "./fields.ts";
import {
	monitorKinds,
	operatorWorkloads,
	podWorkloads,
} from "./operator-kinds.ts";
import { pairByKey } from "./pairs.ts";
import { objectKey, type Side } from "./side.ts";

/** What the names of a release begin with before and after, such as those of fullnameOverride. */
export interface Renaming {
	readonly from: string;
	readonly to: string;
}

/** Fewer objects than this may have similar names by chance. */
const fewest = 3;
/** With one, it may be another instance for something else: the same exporter, of another server. */
const fewestWorkloads = 2;

/**
 * How a whole release is renamed: several objects, of more than one kind, are removed, and each comes back under a name
 * that ends in the same way and does the same. Undefined if that is not so.
 */
export function renamingOf(a: Side, b: Side): Renaming | undefined {
	return renamings(a)(b);
}

/** Several comparisons ask for the same two sides. */
const renamings = oncePerObject((a: Side) =>
	oncePerObject((b: Side) => findRenaming(a, b)),
);

function findRenaming(a: Side, b: Side): Renaming | undefined {
	const { gone, added } = pairByKey(a.objects, b.objects, objectKey);
	const addedByKind = Map.groupBy(added, placeOf);
	const votes = new Map<string, { renaming: Renaming; voters: Manifest[] }>();
	for (const old of gone) {
		const found = (addedByKind.get(placeOf(old)) ?? []).flatMap((now) => {
			const renaming = prefixesOf(old.metadata.name, now.metadata.name);
			return renaming && doesTheSame(old, now, renaming) ? [renaming] : [];
		});
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
				new Set(voters.map(({ kind }) => kind)).size > 1 &&
				new Set(voters.filter(isWorkload).map(({ metadata }) => metadata.name))
					.size >= fewestWorkloads,
		)
		.sort((one, other) => other.voters.length - one.voters.length);
	return winner?.renaming;
}

/** The key of an object under its new name; undefined if it is not renamed. */
export function renamedKey(
	object: Manifest,
	renaming: Renaming | undefined,
): string | undefined {
	if (!renaming) return undefined;
	const { metadata } = object;
	// Some names begin with a word more, as that of the Secret alertmanager-<name of the Alertmanager>.
	const name = `-${metadata.name}`.replace(
		`-${renaming.from}-`,
		() => `-${renaming.to}-`,
	);
	return name === `-${metadata.name}`
		? undefined
		: objectKey({ ...object, metadata: { ...metadata, name: name.slice(1) } });
}

/** Takes the pairs of one renaming out of `gone` and `added`, and returns them. */
export function takeRenamedTogether(
	gone: Manifest[],
	added: Manifest[],
	renaming: Renaming | undefined,
): [Manifest, Manifest][] {
	return [...gone].flatMap((old): [Manifest, Manifest][] => {
		const wanted = renamedKey(old, renaming);
		const now =
			wanted &&
			added.find(
				(each) => objectKey(each) === wanted && runsTheSame(old, each),
			);
		if (!now) return [];
		gone.splice(gone.indexOf(old), 1);
		added.splice(added.indexOf(now), 1);
		return [[old, now]];
	});
}

/**
 * Whether an object does what another did, not only by its name: by names alone, one exporter in place of another would
 * be the same one. Of most kinds nothing tells that.
 */
function doesTheSame(
	old: Manifest,
	now: Manifest,
	renaming: Renaming,
): boolean {
	if (isWorkload(old)) return runsTheSame(old, now);
	if (old.kind !== "Service" && !monitorKinds.includes(old.kind)) return false;
	const before = at(renameWithin(old, renaming, now), "spec.selector");
	const after = at(now, "spec.selector");
	return isEqual(before, after) && !isEqual(after ?? {}, {});
}

/** Whether a workload has the images that another had, from any registry; a container may be more or less. */
function runsTheSame(old: Manifest, now: Manifest): boolean {
	if (!isWorkload(old)) return true;
	const [before, after] = [imageNamesOf(old), imageNamesOf(now)];
	return before.isSubsetOf(after) || after.isSubsetOf(before);
}

function isWorkload({ kind }: Manifest): boolean {
	return operatorWorkloads.includes(kind) || podWorkloads.includes(kind);
}

/** e.g. `grafana` of docker.io/grafana/grafana:12.0.0. */
function imageNamesOf(workload: Manifest): Set<string> {
	return new Set(
		imagesIn([workload]).map((each) =>
			each.replace(/@.*$/, "").replace(/^.*\//, "").replace(/:.*$/, ""),
		),
	);
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

/**
 * An object under its new name, with the new names of others in its content, such as that of a server. What the new
 * object still says as before, such as the name of a volume claim, is not renamed.
 */
export function renameWithin(
	object: Manifest,
	{ from, to }: Renaming,
	now: Manifest,
): Manifest {
	const after = new Set(linesIn(now));
	const renameLine = (line: string) => {
		const renamed = line === from ? to : line.replaceAll(`${from}-`, `${to}-`);
		return after.has(renamed) && !after.has(line) ? renamed : line;
	};
	const { metadata, ...content } = object;
	return {
		...object,
		...cloneDeepWith(content, (value: unknown) =>
			typeof value === "string"
				? value.split("\n").map(renameLine).join("\n")
				: undefined,
		),
		metadata: { ...metadata, name: now.metadata.name },
	};
}

function linesIn(value: unknown): string[] {
	if (typeof value === "string") return value.split("\n");
	return typeof value === "object" && value !== null
		? Object.values(value).flatMap(linesIn)
		: [];
}
