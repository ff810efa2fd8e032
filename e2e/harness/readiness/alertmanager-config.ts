import { createHash } from "node:crypto";
import type { AlertmanagerClient } from "../../clients/alertmanager.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { makeRefresher } from "../../clients/mounts.ts";
import { readRenderedConfig } from "../../clients/rendered-config.ts";
import { budgets } from "../../common/budgets.ts";
import { eventually, notYet } from "../../common/eventually.ts";

const renderedConfig = {
	service: "alertmanager-operated",
	volume: "config-volume",
	key: "alertmanager.yaml.gz",
};

/**
 * Waits until Alertmanager runs the configuration that the operator rendered last: an upgrade may succeed and leave
 * the old one loaded (prometheus-community/helm-charts#1926). Alertmanager exposes a hash of what it has loaded.
 */
export async function waitForAlertmanagerConfig(
	kube: KubeClient,
	alertmanager: AlertmanagerClient,
	namespace: string,
): Promise<void> {
	const refresh = makeRefresher(kube, namespace, renderedConfig.service);
	await eventually(
		"Alertmanager has loaded the configuration that the operator rendered",
		budgets.ruleReload,
		async () => {
			const replicas = await alertmanager.each();
			if (replicas.length === 0) return notYet("it has no pod");
			const hashes = await Promise.all(replicas.map(readHash));
			const rendered = hashOf(
				await readRenderedConfig(kube, namespace, renderedConfig),
			);
			const other = hashes.find((loaded) => loaded !== rendered);
			if (hashes.some((loaded) => loaded !== rendered))
				return notYet(
					await refresh(
						`the hash of a replica's configuration is ${other}, not ${rendered}`,
					),
				);
		},
	);
}

async function readHash(
	replica: AlertmanagerClient,
): Promise<number | undefined> {
	const metrics = await replica.metrics();
	return metrics.find(({ name }) => name === "alertmanager_config_hash")?.value;
}

/** Computed like `alertmanager_config_hash`: 48 bits of MD5, because a float holds no more. */
function hashOf(config: Buffer): number {
	return createHash("md5").update(config).digest().readUIntLE(0, 6);
}
