import { isEqual } from "es-toolkit";
import {
	flatten,
	keyOf,
	makeReason,
	type Reason,
	verdictOfReasons,
} from "../../reasons.ts";
import type { PlannedChart } from "../charts/chart.ts";
import { show } from "../charts/fields.ts";
import type { Renderer } from "../charts/render.ts";
import { isSecretName, withoutSecrets } from "../charts/secret-names.ts";
import type { Side } from "../charts/side.ts";
import { compareSides } from "../compare.ts";
import { type Change, Experiment } from "./experiment.ts";
import { isOff } from "./unread-values.ts";
import { leavesOf, overlaps, printPath, valueAt } from "./values.ts";

/** Parts of image references, which images.ts compares. */
const imageKeys = [
	"tag",
	"repository",
	"registry",
	"digest",
	"sha",
	"imageRegistry",
];

/**
 * Defaults of the chart that change, that the person does not set, and that make a difference. The consequences of one
 * are the reasons that disappear if the new chart gets the old default.
 */
export async function compareDefaults(
	renderer: Renderer,
	a: { chart: PlannedChart; side: Side },
	b: { chart: PlannedChart; side: Side },
	found: readonly Reason[],
): Promise<Reason[]> {
	const changes = changedDefaults(a.chart, b.chart);
	if (changes.length === 0) return [];
	const experiment = new Experiment(renderer, b.chart, b.side, a.side);
	const effective = await experiment.effective(changes);
	const facts = factsOf(found);
	const reasons = await Promise.all(
		effective.map(async ({ path, value }) => {
			const name = printPath(path);
			const { text } = await experiment.try([{ path, value }]);
			const without =
				text === undefined
					? found
					: compareSides(a.side, experiment.read(text));
			const left = new Set(without.map(keyOf));
			const leftFacts = factsOf(without);
			const consequences = found.filter((each) => !left.has(keyOf(each)));
			if (
				text !== undefined &&
				facts.isSubsetOf(leftFacts) &&
				!changesAnything(compareSides(experiment.read(text), b.side), found)
			)
				return [];
			return makeReason(
				"default-changed",
				name,
				`You do not set ${name}, and its default changes.`,
				{
					evidence: [
						`from ${quote(name, value)}`,
						`to ${quote(name, valueAt(b.chart.defaults, path))}`,
					],
					consequences,
					danger: verdictOfReasons(consequences) === "safe" ? "note" : "review",
				},
			);
		}),
	);
	return reasons.flat();
}

/**
 * Whether what a default does in the new chart differs from what the old chart did. If not, it only takes over from
 * another key.
 */
function changesAnything(
	effects: readonly Reason[],
	found: readonly Reason[],
): boolean {
	const keys = new Set(flatten(found).map(keyOf));
	return flatten(effects).some((each) => keys.has(keyOf(each)));
}

/** Every line of reasons and their consequences. */
function factsOf(reasons: readonly Reason[]): Set<string> {
	return new Set(
		flatten(reasons).flatMap((each) =>
			["", ...each.evidence].map((line) => `${keyOf(each)} ${line}`),
		),
	);
}

/** The old defaults that are changed or removed. */
export function changedDefaults(a: PlannedChart, b: PlannedChart): Change[] {
	const own = leavesOf(b.values);
	return leavesOf(a.defaults).filter(
		({ path, value }) =>
			!imageKeys.includes(path.at(-1) ?? "") &&
			!(isOff(a, path) && isOff(b, path)) &&
			!isEqual(value, valueAt(b.defaults, path)) &&
			!own.some(
				(leaf) => overlaps(leaf.path, path) || overlaps(path, leaf.path),
			),
	);
}

function quote(name: string, value: unknown): string {
	return isSecretName(name) && typeof value === "string" && value !== ""
		? "(not shown)"
		: show(withoutSecrets(value, name));
}
