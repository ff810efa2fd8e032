import { messageOf } from "../../common/errors.ts";
import { HelmError } from "../../harness/chart/helm-error.ts";
import type { ReasonId } from "../reason-kinds.ts";
import {
	byDanger,
	flatten,
	keyOf,
	makeReason,
	type Reason,
} from "../reasons.ts";
import type { PlannedChart } from "./charts/chart.ts";
import type { Renderer } from "./charts/render.ts";
import type { Side } from "./charts/side.ts";
import { compareSides } from "./compare.ts";
import {
	type CheckAlertmanager,
	findRefusedRouting,
} from "./monitoring/alertmanager-check.ts";
import {
	type CheckPrometheus,
	findRefusedByPrometheus,
} from "./monitoring/prometheus-check.ts";
import {
	type CheckImage,
	findMissingImages,
} from "./objects/missing-images.ts";
import { changedDefaults, compareDefaults } from "./values/defaults.ts";
import { markReturned } from "./values/returned-alerts.ts";
import { compareValues, unreadAmong } from "./values/unread-values.ts";
import { printPath } from "./values/values.ts";

/** What reading both charts says about an upgrade. */
export interface Plan {
	/** The worst first, consequences nested under their causes. */
	readonly reasons: readonly Reason[];
	readonly before: Side;
	/** Undefined if the new chart does not render. */
	readonly after: Side | undefined;
}

/** What can be asked beside Helm. */
export interface Checks {
	readonly alertmanager?: CheckAlertmanager | undefined;
	readonly prometheus?: CheckPrometheus | undefined;
	readonly image?: CheckImage | undefined;
}

/**
 * Compares two charts by what Helm renders from them.
 *
 * @param between versions between the two, in order, to find the first version with each reason
 * @param checks what is asked beside Helm
 * @throws BadInputError if the old chart refuses its own values
 */
export async function makePlan(
	renderer: Renderer,
	from: PlannedChart,
	to: PlannedChart,
	between: readonly PlannedChart[] = [],
	checks: Checks = {},
): Promise<Plan> {
	const [before, rendered] = await Promise.all([
		renderer.side(from),
		renderer.side(to).catch((error: unknown) => refusal(error)),
	]);
	if ("id" in rendered) {
		const since = await firstRefusal(renderer, between);
		return {
			reasons: [{ ...rendered, ...(since && { since }) }],
			before,
			after: undefined,
		};
	}
	const after = rendered;
	const a = { chart: from, side: before };
	const b = { chart: to, side: after };
	const found = compareSides(before, after);
	const [values, defaults, asked] = await Promise.all([
		compareValues(renderer, a, b, found),
		compareDefaults(renderer, a, b, found),
		askOthers(before, after, found, checks),
	]);
	const reasons = await markReturned(renderer, from, [
		...asked,
		...nestUnder([...values, ...defaults], found),
	]);
	const since = await attribute(renderer, a, between, b, reasons);
	return {
		reasons: byDanger(reasons.map((each) => mark(each, since))),
		before,
		after,
	};
}

/** What only amtool, promtool or a registry knows. */
async function askOthers(
	a: Side,
	b: Side,
	found: readonly Reason[],
	{ alertmanager, prometheus, image }: Checks,
): Promise<Reason[]> {
	const reasons = await Promise.all([
		alertmanager ? findRefusedRouting(a, b, alertmanager) : [],
		prometheus ? findRefusedByPrometheus(a, b, prometheus, found) : [],
		image ? findMissingImages(a, b, image) : [],
	]);
	return reasons.flat();
}

/** @throws the error if it is not Helm's refusal */
function refusal(error: unknown): Reason {
	const cause = error instanceof Error ? error.cause : undefined;
	// A Helm that was killed, or could not be asked, says nothing of the chart.
	if (!(cause instanceof HelmError) || cause.lines.length === 0) throw error;
	// Helm's own words: the whole message also names the person's files.
	const words = cause.lines.join(" ");
	const id: ReasonId = /specifications of the schema/.test(words)
		? "values-refused"
		: /incompatible with Kubernetes|kubeVersion/.test(words)
			? "kubernetes-refused"
			: "render-fails";
	return makeReason(id, "chart", messageOf(error));
}

/** Each consequence is reported once, under the first of its causes. */
function nestUnder(
	causes: readonly Reason[],
	found: readonly Reason[],
): Reason[] {
	const nested = new Set<string>();
	const withConsequences = causes.map((cause) => {
		const consequences = cause.consequences.filter(
			(each) => !nested.has(keyOf(each)),
		);
		for (const each of consequences) nested.add(keyOf(each));
		return { ...cause, consequences };
	});
	return [
		...withConsequences,
		...found.filter((each) => !nested.has(keyOf(each))),
	];
}

/** The first of these versions that does not render. */
async function firstRefusal(
	renderer: Renderer,
	between: readonly PlannedChart[],
): Promise<string | undefined> {
	for (const chart of between) {
		const side = await renderer.side(chart).catch(() => undefined);
		if (!side) return chart.metadata.version;
	}
	return undefined;
}

interface Rendered {
	readonly chart: PlannedChart;
	readonly side: Side;
}

/** The first version with each reason, by the reason's key; empty without versions in between. */
async function attribute(
	renderer: Renderer,
	before: Rendered,
	between: readonly PlannedChart[],
	after: Rendered,
	reasons: readonly Reason[],
): Promise<Map<string, string>> {
	const since = new Map<string, string>();
	if (between.length === 0) return since;
	const steps = await Promise.all(
		between.map(async (chart): Promise<Rendered[]> => {
			const side = await renderer.side(chart).catch(() => undefined);
			return side ? [{ chart, side }] : [];
		}),
	);
	const bring = (keys: Iterable<string>, version: string) => {
		for (const key of keys) if (!since.has(key)) since.set(key, version);
	};
	let previous = before;
	for (const step of [...steps.flat(), after]) {
		const { version } = step.side;
		bring(flatten(compareSides(previous.side, step.side)).map(keyOf), version);
		const defaults = changedDefaults(previous.chart, step.chart);
		const causes = reasons.filter(({ id, subject }) =>
			id === "default-changed"
				? defaults.some(({ path }) => printPath(path) === subject)
				: id === "value-no-longer-read",
		);
		const unread = new Set(
			await unreadAmong(
				renderer,
				step,
				causes.flatMap(({ evidence }) => evidence),
			),
		);
		bring(
			causes
				.filter(
					({ id, evidence }) =>
						id === "default-changed" ||
						evidence.every((path) => unread.has(path)),
				)
				.map(keyOf),
			version,
		);
		previous = step;
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
