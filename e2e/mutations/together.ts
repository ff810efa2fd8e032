import { intersection, range, sortBy } from "es-toolkit";
import { type Changes, type Mutation, mustRefute } from "./catalogue.ts";
import type { Healthy } from "./healthy.ts";
import { findConflict, mergeValues } from "./merge-values.ts";
import { isReadByAll } from "./readers.ts";

/**
 * How many mutations are tried at once. More would save time, but with most claims refuted at the same time, a claim is
 * more and more likely to be refuted by another one's mutation, and a missed mutation to be counted as caught.
 */
const mostMutations = 8;
/** How many mutations of one claim: which of them it was refuted for is told by what its message says. */
const mostOfOneClaim = 2;
/** With more, one that is not proven costs too many clusters. */
const mostHealthy = 12;

/**
 * Packs mutations into few groups. No two of a group have a key of the chart's values or an addon in common, so that
 * none replaces what another one changes; and none must refute a claim that another one must refute, except for two
 * mutations of one claim that both say what its message must name.
 */
export function packMutations(mutations: readonly Mutation[]): Mutation[][] {
	return pack(mutations, mostMutations, areCompatible, (each, group) => {
		const rivals = group.filter((other) => shareClaim(each, other)).length;
		if (rivals >= mostOfOneClaim) return undefined;
		// Where one mutation may be noticed by all claims, others cost nothing more.
		const isApart = isReadByAll(each) !== group.some(isReadByAll);
		return 2 * rivals + (isApart && group.length > 0 ? 1 : 0);
	});
}

/** Packs healthy variations into few groups. No two of a group set the same key. */
export function packHealthy(variations: readonly Healthy[]): Healthy[][] {
	return pack(
		variations,
		mostHealthy,
		(one, other) => findConflict(one.values, other.values) === undefined,
		() => 0,
	);
}

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

function areCompatible(one: Mutation, other: Mutation): boolean {
	const names = namesIn(one);
	return (
		!one.fresh &&
		!other.fresh &&
		(!shareClaim(one, other) || areToldApart(one, other)) &&
		findConflict(one.values, other.values) === undefined &&
		!namesIn(other).some((name) => names.includes(name))
	);
}

function shareClaim(one: Mutation, other: Mutation): boolean {
	return sharedClaims(one, other).length > 0;
}

function sharedClaims(one: Mutation, other: Mutation): string[] {
	return intersection(mustRefute(one), mustRefute(other));
}

/** Whether each claim that both must refute says which of them it was refuted for. */
function areToldApart(one: Mutation, other: Mutation): boolean {
	return (
		one.says !== undefined &&
		other.says !== undefined &&
		sharedClaims(one, other).every(
			(id) => id === one.claim && id === other.claim,
		)
	);
}

function namesIn({ objects, secrets, addons }: Mutation): string[] {
	return [
		...objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
		...secrets.map(({ name }) => `Secret ${name}`),
		...addons.map(({ name }) => `addon ${name}`),
	];
}

/**
 * Puts each into the group that it suits best, and into the smallest of those: as few groups as there can be, of about
 * the same size. What goes with few others comes first, while there is room for it.
 *
 * @param misfit how badly it suits a group whose members it is compatible with; undefined if it must not be in it
 */
function pack<T>(
	all: readonly T[],
	most: number,
	compatible: (one: T, other: T) => boolean,
	misfit: (each: T, group: readonly T[]) => number | undefined,
): T[][] {
	const groups: T[][] = range(Math.ceil(all.length / most)).map(() => []);
	const sorted = sortBy(
		all.map((each) => ({
			each,
			friends: all.filter((other) => compatible(each, other)).length,
		})),
		["friends"],
	);
	for (const { each } of sorted) {
		const [best] = sortBy(
			groups.flatMap((group) => {
				const fits =
					group.length < most &&
					group.every((other) => compatible(each, other));
				const rank = fits ? misfit(each, group) : undefined;
				return rank === undefined ? [] : { group, rank };
			}),
			[({ rank }) => rank, ({ group }) => group.length],
		);
		if (best) best.group.push(each);
		else groups.push([each]);
	}
	return groups.filter(({ length }) => length > 0);
}
