import { messageOf } from "../../harness/errors.ts";
import {
	byDanger,
	flatten,
	keyOf,
	makeReason,
	type Reason,
	type ReasonId,
} from "../reasons.ts";
import type { PlannedChart } from "./chart.ts";
import { compareSides } from "./compare.ts";
import { compareDefaults } from "./defaults.ts";
import type { Renderer } from "./render.ts";
import type { Side } from "./side.ts";
import { compareValues } from "./unread-values.ts";

/** What reading both charts says of an upgrade. */
export interface Plan {
	/** The worst first, consequences below their causes. */
	readonly reasons: readonly Reason[];
	readonly before: Side;
	/** Undefined where the new chart does not render. */
	readonly after: Side | undefined;
}

/**
 * Compares two charts by what Helm makes of them.
 *
 * @param between versions between the two, in their order, so that each reason can be told the version that brings it
 * @throws BadInputError where the old chart refuses its own values
 */
export async function makePlan(
	renderer: Renderer,
	from: PlannedChart,
	to: PlannedChart,
	between: readonly PlannedChart[] = [],
): Promise<Plan> {
	const [before, rendered] = await Promise.all([
		renderer.side(from),
		renderer.side(to).catch((error: unknown) => refusal(error)),
	]);
	if ("id" in rendered)
		return { reasons: [rendered], before, after: undefined };
	const after = rendered;
	const a = { chart: from, side: before };
	const b = { chart: to, side: after };
	const found = compareSides(before, after);
	const [values, defaults] = await Promise.all([
		compareValues(renderer, a, b, found),
		compareDefaults(renderer, a, b, found),
	]);
	const reasons = nestUnder([...values, ...defaults], found);
	const since = await attribute(renderer, before, between, after);
	return {
		reasons: byDanger(reasons.map((each) => mark(each, since))),
		before,
		after,
	};
}

function refusal(error: unknown): Reason {
	const message = messageOf(error);
	const id: ReasonId = /specifications of the schema/.test(message)
		? "values-refused"
		: /incompatible with Kubernetes|kubeVersion/.test(message)
			? "kubernetes-refused"
			: "render-fails";
	return makeReason(id, "chart", message);
}

/** Each consequence is told once, below the first of its causes. */
function nestUnder(
	causes: readonly Reason[],
	found: readonly Reason[],
): Reason[] {
	const told = new Set<string>();
	const nested = causes.map((cause) => {
		const consequences = cause.consequences.filter(
			(each) => !told.has(keyOf(each)),
		);
		for (const each of consequences) told.add(keyOf(each));
		return { ...cause, consequences };
	});
	return [...nested, ...found.filter((each) => !told.has(keyOf(each)))];
}

/** Which version brings a reason, by its key; empty without versions in between. */
async function attribute(
	renderer: Renderer,
	before: Side,
	between: readonly PlannedChart[],
	after: Side,
): Promise<Map<string, string>> {
	const since = new Map<string, string>();
	if (between.length === 0) return since;
	const sides = await Promise.all(
		between.map((chart) => renderer.side(chart).catch(() => undefined)),
	);
	let previous = before;
	for (const side of [...sides, after]) {
		if (!side) continue;
		for (const each of flatten(compareSides(previous, side)))
			if (!since.has(keyOf(each))) since.set(keyOf(each), side.version);
		previous = side;
	}
	return since;
}

function mark(each: Reason, since: ReadonlyMap<string, string>): Reason {
	const own = since.get(keyOf(each));
	return {
		...each,
		consequences: each.consequences.map((one) => mark(one, since)),
		...(own && { since: own }),
	};
}
