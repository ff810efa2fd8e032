import { keyOf, makeReason, type Reason } from "../../reasons.ts";
import type { PlannedChart } from "../charts/chart.ts";
import type { Side } from "../charts/side.ts";
import {
	type ChangeableChart,
	findIntended,
	type IntendedKey,
} from "./intended.ts";
import { type Path, printPath, valueAt } from "./values.ts";

/**
 * The person's values that no chart reads.
 *
 * @param experiment with the new chart
 * @param roots each with what is set below it
 * @param told keys of reasons that have another cause already
 */
export async function compareNeverRead(
	experiment: ChangeableChart,
	{ chart, side }: { chart: Pick<PlannedChart, "values">; side: Side },
	roots: readonly (readonly [Path, readonly Path[]])[],
	found: readonly Reason[],
	told: ReadonlySet<string>,
): Promise<Reason[]> {
	// What the old values had, too, has not lost its effect in this change.
	const isNew = roots
		.map(([root]) => root)
		.filter((root) => valueAt(chart.values, root) === undefined);
	const intended = await findIntended(experiment, side, isNew, found);
	const taken = new Set(told);
	return roots.map(([root, paths]) => {
		const name = printPath(root);
		const meant = intended.get(name);
		const consequences = found.filter(
			(each) =>
				!taken.has(keyOf(each)) &&
				meant?.undone.some((one) => keyOf(one) === keyOf(each)),
		);
		for (const each of consequences) taken.add(keyOf(each));
		return describeNeverRead(name, paths, meant, consequences);
	});
}

function describeNeverRead(
	name: string,
	paths: readonly Path[],
	meant: IntendedKey | undefined,
	consequences: readonly Reason[],
): Reason {
	const what = `${name} has no effect in the old chart and none in the new one.`;
	const evidence = paths.length > 1 ? paths.map(printPath) : [];
	const [harm] = meant?.undone ?? [];
	if (!meant || !harm)
		return makeReason("value-never-read", name, what, { evidence });
	const undone = consequences.includes(harm)
		? "what is told below would not happen"
		: `it would undo: ${harm.what}`;
	return makeReason(
		"value-never-read",
		name,
		`${what} As ${meant.key} it has one: ${undone.replace(/\.$/, "")}.`,
		{
			evidence,
			consequences,
			danger: "review",
			wayOut: `Write it as ${meant.key}, or delete it.`,
		},
	);
}
