import type { UpgradeReport } from "../report/contents.ts";
import { type History, summarize } from "./record.ts";
import { findUnusual } from "./unusual.ts";

/** How many upgrades a report shows. */
const shown = 10;

/** A report with what is out of the ordinary, compared with the upgrades before, to which this one is added. */
export async function compareWithHistory(
	report: UpgradeReport,
	history: History,
): Promise<UpgradeReport> {
	const before = await history.read();
	const now = summarize(report);
	await history.add(now);
	return {
		...report,
		history: {
			upgrades: before.slice(-shown),
			unusual: findUnusual(before, now),
		},
	};
}
