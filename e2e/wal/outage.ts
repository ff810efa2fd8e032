import { describeGaps } from "../ledger/gaps.ts";
import type { PrometheusUnderTest } from "./under-test.ts";

/** The gaps that have ended since a crash; there is one, because writing went on. @throws Error if there is none */
export function describeOutage(
	{ ledger }: PrometheusUnderTest,
	crashedAt: number,
): string {
	const gaps = describeGaps(ledger.history.entries, crashedAt);
	if (!gaps) throw new Error("there is no gap while Prometheus was away");
	return gaps;
}
