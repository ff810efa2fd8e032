import type { DisruptedPart } from "../../common/claim-tags.ts";
import type { Claim } from "./catalogue.ts";

/** The claims that a disruptive one would disturb: they do not say that they ignore what it breaks. */
export function findDisturbed<T extends Pick<Claim, "ignores">>(
	{ disrupts }: Pick<Claim, "disrupts">,
	claims: readonly T[],
): T[] {
	return claims.filter(({ ignores }) =>
		disrupts.some((part) => !ignores.includes(part)),
	);
}

/** Whether one of two claims would disturb the other. */
export function disturbEachOther(
	a: Pick<Claim, "disrupts" | "ignores">,
	b: Pick<Claim, "disrupts" | "ignores">,
): boolean {
	return findDisturbed(a, [b]).length > 0 || findDisturbed(b, [a]).length > 0;
}

/**
 * Waits until a claim may begin. A disruptive one would disturb set-up, which ignores nothing, and a cluster that is to be
 * kept must be marked before anything is broken in it.
 *
 * @param source resolves when all is rolled out but some parts
 * @param testing resolves when set-up is over and the cluster is marked
 */
export async function whenReady(
	{ disrupts, ignores }: Pick<Claim, "disrupts" | "ignores">,
	source: (ignored: readonly DisruptedPart[]) => Promise<unknown>,
	testing: Promise<void>,
): Promise<void> {
	await source(ignores);
	if (disrupts.length > 0) await testing;
}

/** When each of several things may run, and how. */
export interface Turns<T> {
	/** Resolves when what it needs is there; at once by default. */
	readyFor?(each: T): Promise<unknown>;
	/** Those that must have run before it begins. */
	waitsFor(each: T): readonly T[];
	/** Whether two never run at the same time, whichever is first. */
	excludes(a: T, b: T): boolean;
	/** @param waitedFor what must have run before, and what excluded it until now */
	run(each: T, waitedFor: readonly T[]): Promise<unknown>;
}

/**
 * Runs each of these as soon as it may. Of those that exclude each other, the one that is free first runs first, or else
 * the one that comes first in `all`.
 *
 * @throws the first failure of a run, while others may still be under way
 */
export async function runWhenFree<T>(
	all: readonly T[],
	{ readyFor, waitsFor, excludes, run }: Turns<T>,
): Promise<void> {
	const running = new Map<T, Promise<unknown>>();
	const runOne = async (each: T) => {
		const waitedFor = [...waitsFor(each)];
		await Promise.all([
			readyFor?.(each),
			...waitedFor.map((other) => ends.get(other)),
		]);
		for (;;) {
			const excluding = [...running.keys()].filter((other) =>
				excludes(other, each),
			);
			if (excluding.length === 0) break;
			waitedFor.push(...excluding);
			await Promise.all(excluding.map((other) => running.get(other)));
		}
		const end = run(each, waitedFor).finally(() => running.delete(each));
		running.set(each, end);
		await end;
	};
	// None begins before all are in here.
	const begun = Promise.resolve();
	const ends = new Map(
		all.map((each) => [each, begun.then(() => runOne(each))]),
	);
	await Promise.all(ends.values());
}
