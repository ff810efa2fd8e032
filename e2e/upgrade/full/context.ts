import { AlertmanagerClient } from "../../clients/alertmanager.ts";
import { PrometheusClient } from "../../clients/prometheus.ts";
import { clusterNow } from "../../common/clock/cluster-clock.ts";
import type { Progress } from "../../common/progress.ts";
import type { FreshEnvironment } from "../../harness/set-up/fresh-environment.ts";
import type { ChartMaterials } from "../../harness/set-up/materials.ts";
import type { Gap } from "../../ledger/gaps.ts";
import type { UpgradeOptions } from "../options.ts";
import type { Reason } from "../reasons.ts";
import type { Stack } from "./state.ts";

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
	readonly extent: Pick<UpgradeOptions, "skipCrds" | "only">;
	/** What reading the charts announced. */
	readonly announced: readonly Reason[];
	readonly reportDir: string;
	readonly progress: Progress;
}

/** What every stage of an upgrade works with. */
export interface UpgradeContext extends UpgradeStart {
	readonly stack: Stack;
	/** Those that have ended. */
	readonly stages: readonly Stage[];
	/** Runs a part of the upgrade that the timeline shows. */
	stage<T>(name: string, action: () => Promise<T>): Promise<T>;
}

export function makeContext(start: UpgradeStart): UpgradeContext {
	const { kube } = start.started.cluster;
	const { namespace } = start.started.environment;
	const stages: Stage[] = [];
	return {
		...start,
		stack: {
			kube,
			namespace,
			prometheus: PrometheusClient.inNamespace(kube, namespace),
			alertmanager: AlertmanagerClient.inNamespace(kube, namespace),
		},
		stages,
		stage: (name, action) => {
			const from = clusterNow();
			return start.progress.phase(name, action).finally(() => {
				stages.push({ name, from, to: clusterNow() });
			});
		},
	};
}
