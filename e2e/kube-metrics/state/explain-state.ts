import { whyLost } from "../../scraping/losing-step.ts";
import { whyNotHonored } from "./honor-labels.ts";
import type { StateSource } from "./state-source.ts";

/** Why series of kube-state-metrics may be missing, as clauses. @param lost their own labels, with the metric's name */
export function explainState(
	{ scope, targets, configs }: StateSource,
	lost: readonly Readonly<Record<string, string>>[],
): string[] {
	const causes = targets.flatMap(({ labels, scrapePool }) => [
		whyNotHonored(scrapePool, configs),
		...lost.map((own) =>
			whyLost(scrapePool, configs, { ...labels, ...own }, own),
		),
	]);
	return [
		...new Set([scope.cause, ...causes].filter((each) => each !== undefined)),
	];
}
