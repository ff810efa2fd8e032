import type { KubeClient } from "../../../clients/kubernetes.ts";
import type { LoadedChart } from "../../../harness/chart/loaded-chart.ts";
import type { ChartMaterials } from "../../../harness/set-up/chart-materials.ts";
import type { Kubectl } from "./kubectl.ts";

/** A chart as a way installs it. */
export interface WayChart extends Pick<ChartMaterials, "crds"> {
	readonly helm: Pick<
		LoadedChart,
		"install" | "revision" | "rollback" | "render" | "crds"
	>;
}

/** What a way works with: a cluster with the first chart, and both charts. */
export interface WaySurroundings {
	readonly kube: KubeClient;
	readonly namespace: string;
	/** e.g. 1.34.1 */
	readonly kubeVersion: string;
	/** Reachable from Helm's container. */
	readonly kubeconfig: string;
	readonly charts: { readonly from: WayChart; readonly to: WayChart };
	connectKubectl(): Promise<Kubectl>;
	/** Resolves when every workload is rolled out. */
	waitUntilHealthy(): Promise<void>;
	/** Runs a part that the timeline shows. */
	stage<T>(name: string, action: () => Promise<T>): Promise<T>;
}

/**
 * How a tool moves a release from one chart to another and back. Whatever the tool, the cluster or kubectl refuses is
 * thrown as an error with their own words.
 */
export interface UpgradeWay {
	/** What upgrades, for stages and reasons, e.g. helm upgrade. */
	readonly forward: string;
	/** What goes back, e.g. helm rollback. */
	readonly back: string;
	/** What a person can do when it stops halfway; undefined if it is that of the reason. */
	readonly wayOut?: string;
	/** Installs the first chart over itself, so that everything in the cluster is as this tool leaves it. */
	installAgain(): Promise<void>;
	/** Moves to the second chart, in stages of its own. */
	upgrade(): Promise<void>;
	/** Moves back to the first chart, also if the upgrade stopped halfway. */
	rollBack(): Promise<void>;
}
