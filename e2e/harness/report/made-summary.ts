import type { Summary } from "../claims/summary.ts";

/** A summary for tests, of a run in which nothing was tested. */
export function makeSummary(parts: Partial<Summary>): Summary {
	return {
		verdict: "proven",
		message: "",
		startedAt: new Date(0).toISOString(),
		seconds: 0,
		patience: 1,
		chart: null,
		imageSource: null,
		standIns: [],
		values: [],
		overrides: [],
		phases: [],
		criticalPath: { seconds: 0, ratio: null, parts: [] },
		claims: [],
		promises: [],
		warnings: [],
		...parts,
	};
}
