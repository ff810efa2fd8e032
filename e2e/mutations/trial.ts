import { compact, sortBy, zip } from "es-toolkit";
import type { ClaimSet } from "../harness/claims/catalogue.ts";
import type { Mutation } from "./catalogue.ts";
import type { Healthy } from "./healthy.ts";
import { packHealthy, packMutations } from "./together.ts";

interface MutationTrial {
	readonly kind: ClaimSet;
	readonly members: readonly Mutation[];
}

interface HealthyTrial {
	readonly kind: "healthy";
	readonly members: readonly Healthy[];
}

/** What is in force at the same time, once on one cluster. */
export type Trial = (MutationTrial | HealthyTrial) & {
	/** Whether it has been tried before, without a verdict. */
	readonly again?: boolean;
};

/** What a person wants to be tried. */
export interface Selection {
	readonly claims: readonly Mutation[];
	readonly faults: readonly Mutation[];
	readonly healthy: readonly Healthy[];
}

export const nothingSelected: Selection = {
	claims: [],
	faults: [],
	healthy: [],
};

/**
 * Plans what is tried: healthy variations, faults, and mutations of claims, the largest groups before the small ones.
 *
 * @param together whether mutations of claims are tried in groups; healthy variations always are, and faults never
 */
export function planTrials(
	{ claims, faults, healthy }: Selection,
	together: boolean,
): Trial[] {
	const groups = together
		? packMutations(claims)
		: claims.map((each) => [each]);
	return [
		...packHealthy(healthy).map(
			(members): Trial => ({ kind: "healthy", members }),
		),
		...faults.map((each): Trial => ({ kind: "faults", members: [each] })),
		...sortBy(groups, [({ length }) => -length]).map(
			(members): Trial => ({ kind: "claims", members }),
		),
	];
}

/**
 * Puts trials in the order in which they are tried: healthy variations, which want a fresh cluster each time; then
 * faults, which mostly wait, and mutations of claims in turn, so that several clusters do not compute at the same time.
 */
export function takeTurns(trials: readonly Trial[]): Trial[] {
	const of = (wanted: Trial["kind"]) =>
		trials.filter(({ kind }) => kind === wanted);
	return [...of("healthy"), ...compact(zip(of("faults"), of("claims")).flat())];
}

/** One of several parts of a whole, such as the second of three. */
export interface Shard {
	/** From 1 on. */
	readonly index: number;
	readonly count: number;
}

/** Every n-th trial, so that each shard has about as many of each kind. */
export function takeShard<T>(
	trials: readonly T[],
	{ index, count }: Shard,
): T[] {
	return trials.filter((_, i) => i % count === index - 1);
}

/**
 * Whether nothing may have been tried on the cluster before. Healthy values are installed with the stack, as a homelab
 * does: a volume claim or a name that is there keeps what it was made with.
 */
export function wantsFreshCluster(trial: Trial): boolean {
	return (
		trial.again === true ||
		trial.kind === "healthy" ||
		trial.members.some(({ fresh }) => fresh)
	);
}

/** One trial for each member. */
export function tryAlone(trial: Trial): Trial[] {
	return trial.kind === "healthy"
		? trial.members.map((each) => ({ kind: "healthy", members: [each] }))
		: trial.members.map((each) => ({ kind: trial.kind, members: [each] }));
}

/** e.g. `missing-bucket + anonymous-access` */
export function nameOfTrial({ members }: Trial): string {
	return members.map(({ id }) => id).join(" + ");
}

/** e.g. `missing-bucket-and-3-more` */
export function folderOfTrial({ members: [first, ...others], again }: Trial) {
	return [
		first?.id ?? "",
		others.length > 0 ? `-and-${others.length}-more` : "",
		again ? "-again" : "",
	].join("");
}
