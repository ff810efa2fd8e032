import { once } from "es-toolkit";
import { AlertmanagerClient } from "../../clients/alertmanager.ts";
import { PrometheusClient } from "../../clients/prometheus.ts";
import { clusterNow } from "../../common/clock/cluster-clock.ts";
import type { Progress } from "../../common/progress.ts";
import { waitForStack } from "../../harness/readiness/stack.ts";
import type { ChartMaterials } from "../../harness/set-up/chart-materials.ts";
import type { FreshEnvironment } from "../../harness/set-up/fresh-environment.ts";
import type { Gap } from "../../ledger/gaps.ts";
import type { UpgradeOptions } from "../options.ts";
import type { Reason } from "../reasons.ts";
import type { ToolChoice } from "../tools/choice.ts";
import type { Stack } from "./state.ts";
import { makeWay } from "./ways/choose.ts";
import { connectKubectlOnNode } from "./ways/kubectl.ts";
import type { UpgradeWay } from "./ways/way.ts";

/** A part of the upgrade, in milliseconds since the epoch. */
export interface Stage extends Gap {
	readonly name: string;
}

/** What an upgrade starts from. */
export interface UpgradeStart {
	/** A cluster with the first chart installed. */
	readonly started: FreshEnvironment;
	readonly charts: {
		readonly from: ChartMaterials;
		readonly to: ChartMaterials;
	};
	/** What is left out, and which claims are tested. */
	readonly extent: Pick<UpgradeOptions, "skipCrds" | "applyCrds" | "only">;
	/** What the upgrade is done with; undefined if nobody says. */
	readonly choice: ToolChoice | undefined;
	/** What reading the charts announced. */
	readonly announced: readonly Reason[];
	readonly reportDir: string;
	readonly progress: Progress;
}

/** What every stage of an upgrade works with. */
export interface UpgradeContext extends UpgradeStart {
	readonly stack: Stack;
	/** How the release is moved, forward and back. */
	readonly way: UpgradeWay;
	/** Those that have ended. */
	readonly stages: readonly Stage[];
	/** Runs a part of the upgrade that the timeline shows. */
	stage<T>(name: string, action: () => Promise<T>): Promise<T>;
}

export function makeContext(start: UpgradeStart): UpgradeContext {
	const { started, charts, extent, choice } = start;
	const { kube, internalKubeconfig: kubeconfig } = started.cluster;
	const { environment, kubeVersion } = started;
	const { namespace } = environment;
	const stages: Stage[] = [];
	const stage = <T>(name: string, action: () => Promise<T>): Promise<T> => {
		const from = clusterNow();
		return start.progress.phase(name, action).finally(() => {
			stages.push({ name, from, to: clusterNow() });
		});
	};
	return {
		...start,
		stack: {
			kube,
			namespace,
			prometheus: PrometheusClient.inNamespace(kube, namespace),
			alertmanager: AlertmanagerClient.inNamespace(kube, namespace),
		},
		way: makeWay(choice, extent, {
			...{ kube, namespace, kubeVersion, kubeconfig, charts, stage },
			connectKubectl: once(() => connectKubectlOnNode(environment, namespace)),
			waitUntilHealthy: () => waitForStack(kube, namespace),
		}),
		stages,
		stage,
	};
}
