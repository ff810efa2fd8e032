import { isEqual, memoize } from "es-toolkit";
import { keyOf, makeReason, type Reason } from "../../reasons.ts";
import type { PlannedChart } from "../charts/chart.ts";
import type { Renderer } from "../charts/render.ts";
import type { Side } from "../charts/side.ts";
import { compareSides } from "../compare.ts";
import { changed, Experiment } from "./experiment.ts";
import { findIntended, findSuccessor, type IntendedKey } from "./suggestion.ts";
import {
	layer,
	leavesOf,
	overlaps,
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
	const never = unread
		.filter((path) => !had.includes(path))
		.filter((path) => !isAskedFor(b.chart, path));
	const experiment = new Experiment(renderer, b.chart, b.side);
	const neverRead = await Promise.all(
		byRoot(never, b.chart).map(async ([root, paths], i) => {
			// What the old values had, too, has not lost its effect in this change.
			const isNew = valueAt(a.chart.values, root) === undefined;
			const intended =
				isNew && i < mostMoved
					? await findIntended(experiment, a.side, root, found)
					: undefined;
			return describeNeverRead(root, paths, intended);
		}),
	);
	return [...lost, ...neverRead];
}

/** Each costs some renderings. */
const mostMoved = 4;

function describeNeverRead(
	root: Path,
	paths: readonly Path[],
	intended: IntendedKey | undefined,
): Reason {
	const name = printPath(root);
	const { key, undone } = intended ?? {};
	return makeReason(
		"value-never-read",
		name,
		`${name} has no effect in the old chart and none in the new one.${undone ? ` As ${key} it has one: then there is no ${undone.id} of ${undone.subject}.` : ""}`,
		{ evidence: paths.length > 1 ? paths.map(printPath) : [] },
	);
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
				!(isDeclared(chart, path) && isNamed(chart, path)),
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

/** Groups paths by the highest key that the chart has no default for and that holds none of the person's other values. */
function byRoot(
	paths: readonly Path[],
	{ values, defaults }: PlannedChart,
): [Path, Path[]][] {
	const all = leavesOf(values).map(({ path }) => path);
	const groups = new Map<string, [Path, Path[]]>();
	for (const path of paths) {
		let root = path;
		while (root.length > 1) {
			const parent = root.slice(0, -1);
			const below = all.filter((each) => overlaps(each, parent));
			const whole = below.every((each) =>
				paths.some((other) => isEqual(other, each)),
			);
			if (!whole || valueAt(defaults, parent) !== undefined) break;
			root = parent;
		}
		const key = printPath(root);
		const group = groups.get(key) ?? [root, []];
		group[1].push(path);
		groups.set(key, group);
	}
	return [...groups.values()];
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

/** Whether a template mentions the key, even if it has no effect with these values. */
function isNamed(
	{ templates }: Pick<PlannedChart, "templates">,
	path: Path,
): boolean {
	const key = path.at(-1) ?? "";
	return new RegExp(String.raw`[."]${RegExp.escape(key)}\b`).test(templates);
}

/**
 * Whether a template asks for the key where it may be: below its parent, or below what a variable or `with` holds. Another
 * parent's key of that name, such as the one of `serviceAccount.create`, is another key.
 */
export function isAskedFor(
	chart: Pick<PlannedChart, "templates">,
	path: Path,
): boolean {
	if (path.length < 2) return isNamed(chart, path);
	const [parent = "Values", key = ""] = path.slice(-2).map(RegExp.escape);
	return new RegExp(
		String.raw`((^|[^\w.)])\.|\$\w*\.|\b(Values|${parent})\.|\{\{[^{}]*")${key}\b`,
		"m",
	).test(chart.templates);
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
