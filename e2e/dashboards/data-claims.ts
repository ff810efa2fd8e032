import { maxBy } from "es-toolkit";
import type { Pod } from "../clients/kube-objects.ts";

/**
 * The volume claims on which pods have a folder.
 *
 * @param folder e.g. Grafana's data, /var/lib/grafana
 */
export function claimsOfFolder(
	pods: readonly Pod[],
	folder: string,
): readonly string[] {
	const claims = pods.flatMap(({ spec }) => {
		const mounts = spec.containers
			.flatMap(({ volumeMounts }) => volumeMounts)
			.filter(({ mountPath }) => isWithin(folder, mountPath));
		const deepest = maxBy(mounts, ({ mountPath }) => mountPath.length);
		return spec.volumes
			.filter(({ name }) => name === deepest?.name)
			.flatMap(({ persistentVolumeClaim: claim }) => claim?.claimName ?? []);
	});
	return [...new Set(claims)];
}

function isWithin(folder: string, mountPath: string): boolean {
	const root = mountPath.replace(/\/*$/, "/");
	return `${folder}/`.startsWith(root);
}
