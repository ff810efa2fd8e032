import { z } from "zod";

/** What is kept of one upgrade on a cluster. */
export const pastUpgrade = z.strictObject({
	startedAt: z.iso.datetime(),
	/** Versions of the chart. */
	from: z.string(),
	to: z.string(),
	verdict: z.string(),
	/** Seconds by what they measure, e.g. `Watchdog in Prometheus was away`. */
	figures: z.record(z.string(), z.number()),
});
export type PastUpgrade = z.infer<typeof pastUpgrade>;
