import type { KubeClient } from "../../clients/kubernetes.ts";
import type { EnvironmentSource } from "../../common/environment.ts";
import type { StartedCluster } from "../cluster/cluster.ts";
import type { StartedObjectStore } from "../cluster/object-store.ts";
import type { ChartMaterials } from "./chart-materials.ts";
import type { FreshEnvironment } from "./fresh-environment.ts";
import type { MaterialOptions } from "./materials.ts";

/** A cluster whose API server answers, before the chart is installed. */
export interface PreparedCluster {
	readonly kube: KubeClient;
	readonly namespace: string;
	readonly charts: readonly ChartMaterials[];
	readonly objectStore: StartedObjectStore;
	/** Waits for the nodes and removes their route to machines outside of the run. */
	cutOff(): Promise<void>;
}

/** What a caller adds to set-up. */
export interface SetUpAdditions {
	/** Called before the chart is installed. */
	readonly beforeChart?: (cluster: PreparedCluster) => Promise<void>;
}

export interface SetUpRequest {
	readonly materials: MaterialOptions;
	readonly reportDir: string;
	readonly additions?: SetUpAdditions;
	/** Whether claims say next what the operator, Prometheus or Alertmanager refuses. Otherwise set-up fails with it. */
	readonly refusalsGoOn?: boolean;
	/**
	 * Called when set-up has begun: what needs a part of the stack alone may begin before the rest is there.
	 *
	 * @returns ends that, if set-up fails
	 */
	readonly begun?: (
		setUp: Pick<BegunSetUp, "environmentFor">,
	) => () => Promise<void>;
}

/** A set-up under way. */
export interface BegunSetUp {
	/** Resolves long before the rest, so that evidence can be collected if set-up fails half way. */
	readonly cluster: Promise<StartedCluster>;
	readonly environment: Promise<FreshEnvironment>;
	/** The environment as claims get it that may begin before the rest is there. */
	readonly environmentFor: EnvironmentSource;
	/** Resolves when no step is at work any more, also after one has failed. */
	readonly settled: Promise<void>;
}
