import { SetUpError } from "../../../common/errors.ts";
import { installByHelm } from "./install-by-helm.ts";
import type { UpgradeWay, WaySurroundings } from "./way.ts";

/**
 * Helm 3, or Helm 4 if that has loaded the charts: `helm upgrade` and `helm rollback`. It leaves the CRDs of a chart's
 * `crds/` folder as they are; a job of the chart's own (`crds.upgradeJob`) runs as a hook. Helm 4 applies server-side
 * without force what it installed so, and a conflict is its error.
 */
export function makeHelmWay(surroundings: WaySurroundings): UpgradeWay {
	const { kubeconfig, charts, stage } = surroundings;
	const { from, to } = charts;
	const forward = "helm upgrade";
	const back = "helm rollback";
	let first: number | undefined;
	return {
		forward,
		back,
		installAgain: async () => {
			await installByHelm(from, surroundings);
			first = await from.helm.revision(kubeconfig);
		},
		upgrade: () => stage(forward, () => installByHelm(to, surroundings)),
		rollBack: async () => {
			const revision = first;
			if (revision === undefined)
				throw new SetUpError("there is no revision of Helm's to go back to");
			// If the upgrade was refused outright, there is nothing to roll back.
			if ((await from.helm.revision(kubeconfig)) !== revision)
				await from.helm.rollback(kubeconfig, revision);
		},
	};
}
