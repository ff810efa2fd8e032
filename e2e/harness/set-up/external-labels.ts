import type { KubeClient } from "../../clients/kubernetes.ts";
import { PrometheusClient } from "../../clients/prometheus.ts";
import { type BegunRollout, whenRolledOut } from "./roll-out.ts";
import type { RunPart } from "./steps.ts";

/**
 * Prometheus' external labels as soon as it is rolled out, of several replicas the first's; none if a chart has no
 * Prometheus.
 *
 * @param runPart runs the reading as a phase
 */
export async function readExternalLabels(
	kube: KubeClient,
	namespace: string,
	rollouts: readonly BegunRollout[],
	runPart: RunPart,
): Promise<Readonly<Record<string, string>>> {
	const own = rollouts.filter(({ part }) => part === "prometheus");
	await whenRolledOut(own);
	return runPart(
		"Prometheus' external labels",
		() => read(kube, namespace),
		own.map(({ name }) => name),
	);
}

async function read(
	kube: KubeClient,
	namespace: string,
): Promise<Readonly<Record<string, string>>> {
	try {
		const prometheus = await PrometheusClient.firstInNamespace(kube, namespace);
		return (await prometheus.config()).global.external_labels;
	} catch {
		// The claims say what is wrong with it.
		return {};
	}
}
