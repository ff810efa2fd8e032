import type {
	ActiveTarget,
	ScrapeConfig,
} from "../clients/prometheus-schemas.ts";
import { whyLost } from "../scraping/losing-step.ts";
import { type SamplePod, sampleContainer } from "./sample-pods.ts";

/**
 * Why a pod's series may not be stored as it exposes them, with its namespace, name and container: clauses.
 *
 * @param targets of the pod
 * @param exposed labels of its series, with the metric's name
 */
export function explainLost(
	targets: readonly Pick<ActiveTarget, "labels" | "scrapePool">[],
	{ namespace, name }: Pick<SamplePod, "namespace" | "name">,
	exposed: readonly Readonly<Record<string, string>>[],
	configs: readonly ScrapeConfig[],
): string[] {
	const ofPod = { namespace, pod: name, container: sampleContainer };
	const causes = targets.flatMap(({ labels, scrapePool }) =>
		exposed.flatMap((each) => {
			const own = { ...ofPod, ...each };
			return whyLost(scrapePool, configs, { ...labels, ...own }, own) ?? [];
		}),
	);
	return [...new Set(causes)];
}
