import type { KubeClient } from "../clients/kubernetes.ts";
import { budgets } from "../common/budgets.ts";
import { readSidecar } from "./sidecar.ts";

/** "Loaded automatically": nobody waits longer for a dashboard, in milliseconds. */
const longestPause = 300_000;

/** How long a dashboard may take to appear. A sidecar that only looks now and then has its pause, too. */
export async function reloadBudget(
	kube: KubeClient,
	namespace: string,
): Promise<number> {
	const sidecar = await readSidecar(kube, namespace, "dashboard");
	return budgets.dashboardReload + allowedPause(sidecar?.pause ?? 0);
}

/** @param pause of the sidecar, in milliseconds */
export function allowedPause(pause: number): number {
	return pause <= longestPause ? pause : 0;
}
