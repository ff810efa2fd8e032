import { distance } from "fastest-levenshtein";
import { flatten, keyOf, type Reason } from "../../reasons.ts";
import type { PlannedChart } from "../charts/chart.ts";
import type { Side } from "../charts/side.ts";
import { compareSides } from "../compare.ts";
import type { Experiment } from "./experiment.ts";
import { leavesOf, type Path, printPath, valueAt } from "./values.ts";

/** Each candidate costs a rendering and a comparison, and most of what has no effect is only left over. */
const mostTried = 6;

/** A chart whose values can be changed. */
export interface ChangeableChart extends Pick<Experiment, "read" | "try"> {
	readonly chart: Pick<PlannedChart, "defaults" | "templates" | "values">;
}

/** Where a value would have an effect, and what that takes away. */
export interface IntendedKey {
	readonly key: string;
	/** The reasons that are gone then, the first of which matters. */
	readonly undone: readonly Reason[];
}

/**
 * The keys that a person may have meant by those that no chart reads, by printed path: with the value there, something
 * that matters does not happen, and nothing else does. Spelling only says which keys are tried; one of which none has such
 * an effect is left out.
 */
export async function findIntended(
	experiment: ChangeableChart,
	before: Side,
	roots: readonly Path[],
	found: readonly Reason[],
): Promise<Map<string, IntendedKey>> {
	const intended = new Map<string, IntendedKey>();
	if (flatten(found).every(({ danger }) => danger === "note")) return intended;
	const queues = roots.map((root) => ({
		root,
		candidates: candidatesFor(experiment.chart, root),
	}));
	// Each key's nearest first: several keys share what may be tried.
	let left = mostTried;
	for (let rank = 0; left > 0; rank++) {
		const round = queues
			.filter(({ root }) => !intended.has(printPath(root)))
			.flatMap(({ root, candidates }) => {
				const path = candidates[rank];
				return path ? [{ root, path }] : [];
			})
			.slice(0, left);
		if (round.length === 0) break;
		left -= round.length;
		const tried = await Promise.all(
			round.map(async ({ root, path }) => ({
				name: printPath(root),
				result: await tryAs(experiment, before, root, path, found),
			})),
		);
		for (const { name, result } of tried)
			if (result) intended.set(name, result);
	}
	return intended;
}

async function tryAs(
	experiment: ChangeableChart,
	before: Side,
	root: Path,
	path: Path,
	found: readonly Reason[],
): Promise<IntendedKey | undefined> {
	const value = valueAt(experiment.chart.values, root);
	const { text, differs } = await experiment.try([{ path, value }]);
	if (text === undefined || !differs) return undefined;
	const known = new Set(flatten(found).map(keyOf));
	const left = flatten(compareSides(before, experiment.read(text)));
	const keys = new Set(left.map(keyOf));
	const isWorse = left.some(
		(each) => each.danger !== "note" && !known.has(keyOf(each)),
	);
	const undone = flatten(found).filter((each) => !keys.has(keyOf(each)));
	const harm = undone.filter(({ danger }) => danger !== "note");
	return harm.length > 0 && !isWorse
		? {
				key: printPath(path),
				undone: [...harm, ...undone.filter((each) => !harm.includes(each))],
			}
		: undefined;
}

/** Keys of the chart as deep as another, also those of maps, that the person has not set; the nearest by spelling first. */
export function candidatesFor(
	{ defaults, templates, values }: ChangeableChart["chart"],
	root: Path,
): Path[] {
	const own = root.join(".");
	const mentioned = [...templates.matchAll(/\.Values\.([\w.]+\w)/g)].map(
		([, name = ""]) => name.split("."),
	);
	const all = [...mentioned, ...leavesOf(defaults).map(({ path }) => path)]
		.filter(
			(path) =>
				path.length >= root.length &&
				(root.length === 1 || path[0] === root[0]),
		)
		.map((path) => path.slice(0, root.length));
	return [...new Map(all.map((path) => [path.join("."), path]))]
		.map(([name, path]) => ({ name, path, away: distance(name, own) }))
		.filter(
			({ name, path, away }) =>
				name !== own &&
				away <= own.length / 2 &&
				valueAt(values, path) === undefined,
		)
		.sort((a, b) => a.away - b.away)
		.map(({ path }) => path);
}
