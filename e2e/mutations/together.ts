import { countBy, sortBy } from "es-toolkit";
import { type Mutation, mustRefute } from "./catalogue.ts";
import type { Healthy } from "./healthy.ts";
import { findConflict, mergeValues } from "./merge-values.ts";

/**
 * How many mutations are tried at once. More would save time, but with most claims refuted at the same time, a claim is
 * more and more likely to be refuted by another one's mutation, and a missed mutation to be counted as caught.
 */
const mostMutations = 8;
/** With more, one that is not proven costs too many clusters. */
const mostHealthy = 8;

/**
 * Packs mutations into few groups. No two of a group have a claim, a key of the chart's values or an addon in common:
 * each claim that must be refuted has one mutation that must do it, and none replaces what another one changes.
 */
export function packMutations(mutations: readonly Mutation[]): Mutation[][] {
	// Each mutation of a claim needs a group of its own: with the largest claims first, the others fill their groups.
	const sizes = countBy(mutations, ({ claim }) => claim);
	const sorted = sortBy(mutations, [({ claim }) => -(sizes[claim] ?? 0)]);
	return pack(sorted, mostMutations, areCompatible);
}

/** Packs healthy variations into few groups. No two of a group set the same key. */
export function packHealthy(variations: readonly Healthy[]): Healthy[][] {
	return pack(
		variations,
		mostHealthy,
		(one, other) => findConflict(one.values, other.values) === undefined,
	);
}

/** What a mutation changes. */
type Changes = Pick<
	Mutation,
	"values" | "objects" | "secrets" | "addons" | "lifecycle"
>;

/** The changes of a group as one mutation. */
export function combine(group: readonly Mutation[]): Changes {
	return {
		values: mergeValues(group.map(({ values }) => values)),
		objects: group.flatMap(({ objects }) => objects),
		secrets: group.flatMap(({ secrets }) => secrets),
		addons: group.flatMap(({ addons }) => addons),
		lifecycle: group.flatMap(({ lifecycle }) => lifecycle),
	};
}

/** What a mutation changes: components of the chart by their keys, kinds of objects, and addons. */
export function componentsOf({
	values,
	objects,
	secrets,
	addons,
	lifecycle,
}: Changes): string[] {
	// A Secret does nothing until a component refers to it.
	const kinds = objects.flatMap(({ kind }) => (kind === "Secret" ? [] : kind));
	const components = [
		...Object.keys(values),
		...kinds.map((kind) => `kind ${kind}`),
		...addons.map(({ name }) => `addon ${name}`),
		...lifecycle.map(() => "bucket"),
	];
	return components.length > 0 || secrets.length === 0
		? components
		: ["kind Secret"];
}

function areCompatible(one: Mutation, other: Mutation): boolean {
	const names = namesIn(one);
	return (
		!one.fresh &&
		!other.fresh &&
		findConflict(one.values, other.values) === undefined &&
		!namesIn(other).some((name) => names.includes(name))
	);
}

function namesIn({
	objects,
	secrets,
	addons,
	...mutation
}: Mutation): string[] {
	return [
		...mustRefute(mutation).map((id) => `claim ${id}`),
		...objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
		...secrets.map(({ name }) => `Secret ${name}`),
		...addons.map(({ name }) => `addon ${name}`),
	];
}

/** Puts each into the first group that has room and nothing that it is incompatible with. */
function pack<T>(
	all: readonly T[],
	most: number,
	compatible: (one: T, other: T) => boolean,
): T[][] {
	const groups: T[][] = [];
	for (const each of all) {
		const group = groups.find(
			(others) =>
				others.length < most &&
				others.every((other) => compatible(each, other)),
		);
		if (group) group.push(each);
		else groups.push([each]);
	}
	return groups;
}
