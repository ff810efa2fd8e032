import { expect, test } from "vitest";
import { readMutations } from "./catalogue.ts";
import { readHealthy } from "./healthy.ts";
import {
	folderOfTrial,
	planTrials,
	takeShard,
	takeTurns,
	tryAlone,
} from "./trial.ts";
import { TrialQueue } from "./trial-queue.ts";

const everything = {
	claims: await readMutations("claims"),
	faults: await readMutations("faults"),
	healthy: await readHealthy(),
};

test("shards are the whole, and of about the same size", () => {
	const all = ["a", "b", "c", "d", "e"];
	const parts = [1, 2, 3].map((index) => takeShard(all, { index, count: 3 }));
	expect(parts).toEqual([["a", "d"], ["b", "e"], ["c"]]);
});

test("healthy variations come first, then faults and mutations of claims in turn", () => {
	const trials = takeTurns(planTrials(everything, true));
	const kinds = trials.map(({ kind }) => kind);
	const first = kinds.lastIndexOf("healthy") + 1;
	expect(kinds.indexOf("faults")).toBe(first);
	expect(kinds.slice(first, first + 4)).toEqual([
		...["faults", "claims", "faults", "claims"],
	]);
	expect(trials).toHaveLength(planTrials(everything, true).length);
	const sizes = (wanted: string) =>
		trials.flatMap(({ kind, members }) =>
			kind === wanted ? members.length : [],
		);
	expect(new Set(sizes("faults"))).toEqual(new Set([1]));
	expect(sizes("claims")).toEqual(
		sizes("claims").toSorted((one, other) => other - one),
	);
});

test("each is tried once", () => {
	for (const together of [true, false]) {
		const tried = planTrials(everything, together).flatMap(({ members }) =>
			members.map(({ id }) => id),
		);
		const ids = Object.values(everything).flatMap((all) =>
			all.map(({ id }) => id),
		);
		expect(tried.toSorted()).toEqual(ids.toSorted());
	}
});

test("a used cluster gets no healthy variation, and nothing that is tried once more", () => {
	const [mutation, other] = planTrials(
		{ ...everything, faults: [], healthy: [] },
		false,
	);
	const [variation] = planTrials(
		{ ...everything, faults: [], claims: [] },
		true,
	);
	if (!mutation || !other || !variation)
		throw new Error("the catalogue is empty");
	const again = { ...other, again: true };
	const queue = new TrialQueue([variation, again, mutation]);
	expect(queue.take(true)).toBe(mutation);
	expect(queue.take(true)).toBeUndefined();
	expect(queue.take(false)).toBe(variation);
	expect(queue.take(false)).toBe(again);
	expect(queue.length).toBe(0);
});

test("the reports of a group, of its members and of a repetition are apart", () => {
	const [group] = planTrials({ ...everything, faults: [], healthy: [] }, true);
	if (!group) throw new Error("the catalogue is empty");
	const alone = tryAlone(group);
	const again = alone.map((each) => ({ ...each, again: true }));
	const folders = [group, ...alone, ...again].map(folderOfTrial);
	expect(new Set(folders).size).toBe(folders.length);
});
