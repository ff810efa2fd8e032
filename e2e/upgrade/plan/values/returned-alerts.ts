import { flatten, makeReason, type Reason } from "../../reasons.ts";
import type { PlannedChart } from "../charts/chart.ts";
import type { Renderer } from "../charts/render.ts";
import { selectedRules } from "../monitoring/rule-schema.ts";

/**
 * Tells new alerts from those that the person's values had switched off: the old chart has them without those values.
 */
export async function markReturned(
	renderer: Renderer,
	from: PlannedChart,
	reasons: readonly Reason[],
): Promise<Reason[]> {
	if (!flatten(reasons).some(({ id }) => id === "alert-added"))
		return [...reasons];
	const text = await renderer.render(from, {}).catch(() => undefined);
	if (text === undefined) return [...reasons];
	const side = renderer.read(from, text, {
		unstable: new Map(),
		randomChecksums: new Set(),
	});
	const switchedOff = new Set(selectedRules(side).map(({ alert }) => alert));
	const mark = (each: Reason): Reason => {
		const name = each.subject.split(" ")[0];
		return each.id === "alert-added" && switchedOff.has(name)
			? makeReason(
					"alert-returned",
					each.subject,
					`The alert ${name} is back: your values switched it off in the old chart, and do not in the new one.`,
					{ evidence: each.evidence },
				)
			: { ...each, consequences: each.consequences.map(mark) };
	};
	return reasons.map(mark);
}
