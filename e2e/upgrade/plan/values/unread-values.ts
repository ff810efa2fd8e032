import { isEqual, memoize } from "es-toolkit";
import { keyOf, makeReason, type Reason } from "../../reasons.ts";
import type { PlannedChart } from "../charts/chart.ts";
import type { Renderer } from "../charts/render.ts";
import type { Side } from "../charts/side.ts";
import { compareSides } from "../compare.ts";
import { changed, Experiment } from "./experiment.ts";
import { compareNeverRead } from "./never-read.ts";
import { findSuccessor } from "./suggestion.ts";
import { byRoot, isMentioned, neverReadRoots } from "./unread-roots.ts";
import {
	layer,
	leavesOf,
	type Path,
	printPath,
	valueAt,
	withoutValues,
} from "./values.ts";

/**
 * The person's values that the new chart does not read: changing them does not change its rendering. If the old chart
 * read one, the consequences are what changes in the old chart without it.
 */
export async function compareValues(
	renderer: Renderer,
	a: { chart: PlannedChart; side: Side },
	b: { chart: PlannedChart; side: Side },
	found: readonly Reason[],
): Promise<Reason[]> {
	const unread = await unreadBy(new Experiment(renderer, b.chart, b.side));
	if (unread.length === 0) return [];
	const before = new Experiment(renderer, a.chart, a.side);
	const unreadBefore = await unreadBy(before, unread);
	const had = unread.filter(
		(path) =>
			valueAt(a.chart.values, path) !== undefined &&
			!unreadBefore.some((each) => isEqual(each, path)),
	);
	const lost: Reason[] = [];
	for (const [root, paths] of byRoot(had, b.chart))
		lost.push(await explainLost(renderer, a, b, root, paths, found));
	const never = unread.filter((path) => !had.includes(path));
	const neverRead = await compareNeverRead(
		new Experiment(renderer, b.chart, b.side),
		a,
		neverReadRoots(never, b.chart),
		found,
		new Set(lost.flatMap(({ consequences }) => consequences.map(keyOf))),
	);
	return [...lost, ...neverRead];
}

/** Which of some printed paths of the person's values a chart does not read. */
export async function unreadAmong(
	renderer: Renderer,
	{ chart, side }: { chart: PlannedChart; side: Side },
	printed: readonly string[],
): Promise<string[]> {
	const paths = leavesOf(chart.values)
		.map(({ path }) => path)
		.filter((path) => printed.includes(printPath(path)));
	if (paths.length === 0) return [];
	const experiment = new Experiment(renderer, chart, side);
	return (await unreadBy(experiment, paths)).map(printPath);
}

/** Paths of values whose change does not change the rendering. */
async function unreadBy(
	experiment: Experiment,
	among?: readonly Path[],
): Promise<Path[]> {
	const { chart } = experiment;
	const leaves = leavesOf(chart.values).filter(({ path }) =>
		among
			? among.some((each) => isEqual(each, path))
			: !isOff(chart, path) &&
				!(isDeclared(chart, path) && isMentioned(chart, path)),
	);
	const changes = leaves.map(({ path, value }, i) => ({
		path,
		value: changed(value, i),
	}));
	// Most of what a person sets is read; but what the other chart does not read, this one may not read either.
	const effective = await experiment.effective(changes, among === undefined);
	return changes
		.filter((each) => !effective.includes(each))
		.map(({ path }) => path);
}

async function explainLost(
	renderer: Renderer,
	a: { chart: PlannedChart; side: Side },
	b: { chart: PlannedChart; side: Side },
	root: Path,
	paths: readonly Path[],
	found: readonly Reason[],
): Promise<Reason> {
	const without = await renderer
		.render(a.chart, withoutValues(a.chart.values, paths))
		.catch(() => undefined);
	const effects =
		without === undefined
			? []
			: compareSides(a.side, renderer.read(a.chart, without, a.side));
	const same = consequencesAmong(found, effects, keyOf);
	const consequences =
		same.length > 0 ? same : consequencesAmong(found, effects, roughly);
	const name = printPath(root);
	const successor = await findSuccessor(
		new Experiment(renderer, b.chart, b.side),
		a.side,
		root,
		consequences,
	);
	return makeReason(
		"value-no-longer-read",
		name,
		`You set ${name}, but the new chart does not read it${successor ? `: it reads ${successor}, with the same effect` : ""}.`,
		{ evidence: paths.map(printPath), consequences },
	);
}

function consequencesAmong(
	found: readonly Reason[],
	effects: readonly Reason[],
	key: (each: Reason) => string,
): Reason[] {
	const keys = new Set(effects.map(key));
	return found.filter((each) => keys.has(key(each)));
}

/** Only the reason and the object: a key that is not read and an absent key leave slightly different traces. */
function roughly({ id, subject }: Reason): string {
	return `${id} ${subject.split(" ")[0]}`;
}

/** Whether the chart has a default for the key. */
function isDeclared({ defaults }: PlannedChart, path: Path): boolean {
	return valueAt(defaults, path) !== undefined;
}

/** Whether a value belongs to a component that is switched off. */
export function isOff(chart: PlannedChart, path: Path): boolean {
	const effective = effectiveValues(chart);
	return path.some(
		(_, i) => valueAt(effective, [...path.slice(0, i), "enabled"]) === false,
	);
}

/** Charts have thousands of defaults, and each of them is looked at. */
const effectiveValues = memoize(({ defaults, values }: PlannedChart) =>
	layer([defaults, values]),
);
