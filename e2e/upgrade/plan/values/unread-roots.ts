import { isEqual } from "es-toolkit";
import type { PlannedChart } from "../charts/chart.ts";
import { isNothing } from "../charts/fields.ts";
import { leavesOf, overlaps, type Path, printPath, valueAt } from "./values.ts";

/** Groups paths by the highest key that the chart has no default for and that holds none of the person's other values. */
export function byRoot(
	paths: readonly Path[],
	{ values, defaults }: Pick<PlannedChart, "values" | "defaults">,
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

/** What no chart reads, by its highest keys: without what a template asks for, though not with these values. */
export function neverReadRoots(
	never: readonly Path[],
	chart: Pick<PlannedChart, "values" | "defaults" | "templates">,
): [Path, Path[]][] {
	// Nothing below a key that no template has is asked for, whatever its name is.
	const misspelled = byRoot(never, chart)
		.filter(([root]) => isUnknown(chart, root))
		.flatMap(([, paths]) => paths);
	return byRoot(
		never.filter(
			(path) => misspelled.includes(path) || !isAskedFor(chart, path),
		),
		chart,
	);
}

/** Whether a key is beside others of the chart, and no template asks for it. Below an empty default keys are the person's own. */
function isUnknown(
	chart: Pick<PlannedChart, "defaults" | "templates">,
	root: Path,
): boolean {
	const parent = root.slice(0, -1);
	return (
		!isAskedFor(chart, root) &&
		(parent.length === 0 || !isNothing(valueAt(chart.defaults, parent)))
	);
}

/** Whether a template mentions the key, even if it has no effect with these values. */
export function isMentioned(
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
	if (path.length < 2) return isMentioned(chart, path);
	const [parent = "Values", key = ""] = path.slice(-2).map(RegExp.escape);
	return new RegExp(
		String.raw`((^|[^\w.)])\.|\$\w*\.|\b(Values|${parent})\.|\{\{[^{}]*")${key}\b`,
		"m",
	).test(chart.templates);
}
