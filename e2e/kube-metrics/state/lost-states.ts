import type { ScrapeConfig } from "../../clients/prometheus-schemas.ts";
import { whyLost } from "../../scraping/losing-step.ts";
import type { StateSource } from "./state-source.ts";

/** States of objects that a metric tells by the value of a label. */
interface StateLabel {
	/** What the homelab calls them. */
	readonly title: string;
	readonly metric: string;
	/** Further labels of the series. */
	readonly of: Readonly<Record<string, string>>;
	readonly label: string;
	readonly values: readonly string[];
	/** Labels that the series have beside it, for a state that something is wrong with. */
	readonly beside?: Readonly<Record<string, string>>;
}

/** A pod that no claim plants. */
export const ofPod = { namespace: "some-namespace", pod: "some-pod" };

/** States in which something is wrong, or is not right yet. As long as nothing is, their series are 0 or not there. */
const troubled: readonly StateLabel[] = [
	{
		title: "Pod status",
		metric: "kube_pod_status_phase",
		of: ofPod,
		label: "phase",
		values: ["Pending", "Failed", "Unknown"],
	},
	{
		title: "Pod status",
		metric: "kube_pod_container_status_waiting_reason",
		of: { ...ofPod, container: "main" },
		label: "reason",
		// ErrImagePull lasts for moments: who stores ImagePullBackOff may leave it out.
		values: [
			"CrashLoopBackOff",
			"ImagePullBackOff",
			"InvalidImageName",
			"CreateContainerConfigError",
		],
	},
	{
		// That a node is not Ready shows in the series of status true, too, which others ask for.
		title: "node conditions",
		metric: "kube_node_status_condition",
		of: { node: "some-node" },
		label: "condition",
		values: ["MemoryPressure", "DiskPressure", "PIDPressure"],
		beside: { status: "true" },
	},
];

/**
 * A sentence for each state that relabelling takes away, of every object alike: where nothing of the cluster is in it,
 * nothing else shows that.
 */
export function findLostStates(
	targets: StateSource["targets"],
	configs: readonly ScrapeConfig[],
): string[] {
	const sentences = targets.flatMap(({ labels, scrapePool }) =>
		troubled.flatMap(({ title, metric, of, label, values, beside }) =>
			values.flatMap((value) => {
				const state = { [label]: value, ...beside };
				const own = { __name__: metric, ...state };
				const why = whyLost(
					scrapePool,
					configs,
					{ ...labels, ...of, ...own },
					own,
				);
				return why
					? [
							`"${title}": ${metric} of ${describeState(state)} is not stored: ${why}`,
						]
					: [];
			}),
		),
	);
	return [...new Set(sentences)];
}

function describeState(state: Readonly<Record<string, string>>): string {
	return Object.entries(state)
		.map(([name, value]) => `${name} ${value}`)
		.join(" and ");
}
