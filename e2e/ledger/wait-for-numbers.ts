import { eventually, notYet } from "../common/eventually.ts";
import type { History } from "./history.ts";

/** Two seconds of writing: fewer numbers prove little. */
export const enoughNumbers = 20;

/** Waits until enough numbers later than a moment in milliseconds are acknowledged. */
export async function waitForNumbers(
	history: History,
	since: number,
	budget: number,
): Promise<void> {
	await eventually("Prometheus takes samples", budget, async () => {
		const { length } = history.acknowledged.filter(
			({ timestamp }) => timestamp > since,
		);
		if (length >= enoughNumbers) return;
		history.refuseIfHopeless();
		return notYet(
			`${length} samples were taken; the last failure: ${history.lastFailure ?? "none"}`,
		);
	});
}
