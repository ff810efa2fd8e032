import { distance } from "fastest-levenshtein";
import { keyOf, type Reason } from "../../reasons.ts";
import type { PlannedChart } from "../charts/chart.ts";
import type { Side } from "../charts/side.ts";
import { compareSides } from "../compare.ts";
import type { Experiment } from "./experiment.ts";
import { leavesOf, type Path, printPath, valueAt } from "./values.ts";

/** Each candidate costs a rendering. */
const mostTried = 6;

/** The key under which the new chart does with a value what the old chart did; undefined if none is found. */
export async function findSuccessor(
	experiment: Experiment,
	before: Side,
	root: Path,
	consequences: readonly Reason[],
): Promise<string | undefined> {
	const { chart } = experiment;
	const value = valueAt(chart.values, root);
	const found = await Promise.all(
		candidatesFor(chart, root).map(async (path) => {
			const { text, differs } = await experiment.try([
				// A map is not merged with itself one level deeper.
				...(path.length > root.length ? [{ path: root, value: {} }] : []),
				{ path, value },
			]);
			if (text === undefined || !differs) return [];
			const left = new Set(
				compareSides(before, experiment.read(text)).map(keyOf),
			);
			return consequences.length > 0 &&
				consequences.every((each) => !left.has(keyOf(each)))
				? [printPath(path)]
				: [];
		}),
	);
	return found.flat()[0];
}

/** Keys of the chart that may have taken over from another: below it, beside it, or of similar spelling. */
function candidatesFor(
	{ defaults, templates, values }: PlannedChart,
	path: Path,
): Path[] {
	const key = path.at(-1) ?? "";
	const below = [
		...templates.matchAll(
			new RegExp(`\\b${RegExp.escape(key)}\\.([A-Za-z]\\w*)`, "g"),
		),
	].map(([, name = ""]) => [...path, name]);
	const mentioned = [...templates.matchAll(/\.Values\.([\w.]+\w)/g)].map(
		([, name = ""]) => name.split("."),
	);
	const own = path.join(".");
	const others = [...mentioned, ...leavesOf(defaults).map((leaf) => leaf.path)]
		.filter(
			(each) =>
				each[0] === path[0] &&
				each.join(".") !== own &&
				Math.abs(each.length - path.length) <= 1,
		)
		.map((each) => ({ each, away: distance(each.join("."), own) }))
		.filter(({ away }) => away <= own.length / 2)
		.sort((x, y) => x.away - y.away)
		.map(({ each }) => each);
	const unique = new Map(
		[...below, ...others].map((each) => [each.join("\0"), each]),
	);
	return [...unique.values()]
		.filter((each) => valueAt(values, each) === undefined)
		.slice(0, mostTried);
}
