import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import type { AlertmanagerClient } from "../clients/alertmanager.ts";
import { kubeObject } from "../clients/kube-objects.ts";
import type { KubeClient, Pod } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { listPodsOfService, refreshMounts } from "../clients/service-pods.ts";
import { budgets } from "../harness/budgets.ts";
import { eventually } from "../harness/eventually.ts";

/** The operator needs a moment to render what the kubelet is then asked to mount. */
const refreshEvery = 3_000;

/** Waits until Prometheus has loaded a group whose every rule has this expression. */
export async function waitUntilRulesAreLoaded(
	kube: KubeClient,
	prometheus: PrometheusClient,
	namespace: string,
	group: { readonly name: string; readonly expression: string },
): Promise<void> {
	const refresh = makeRefresher(kube, namespace, "prometheus-operated");
	await eventually(
		`Prometheus has loaded rule group ${group.name} with ${group.expression}`,
		budgets.ruleReload,
		async () => {
			const groups = await prometheus.ruleGroups();
			const loaded = groups.find(({ name }) => name === group.name);
			if (!loaded) return refresh("it knows no such group");
			const other = loaded.rules.find(
				({ query }) => query !== group.expression,
			);
			if (other) return refresh(`its ${other.name} still has ${other.query}`);
			return undefined;
		},
		(missing) => missing ?? true,
	);
}

/** Waits until Prometheus has forgotten a group. */
export async function waitUntilRulesAreGone(
	kube: KubeClient,
	prometheus: PrometheusClient,
	namespace: string,
	group: string,
): Promise<void> {
	const refresh = makeRefresher(kube, namespace, "prometheus-operated");
	await eventually(
		`Prometheus has forgotten rule group ${group}`,
		budgets.ruleReload,
		async () => {
			const groups = await prometheus.ruleGroups();
			return groups.some(({ name }) => name === group)
				? refresh("it is still loaded")
				: undefined;
		},
		(missing) => missing ?? true,
	);
}

/**
 * Waits until Alertmanager runs the configuration that the operator rendered last: an upgrade may succeed and leave
 * the old one loaded (prometheus-community/helm-charts#1926). Alertmanager tells a hash of what it has read.
 */
export async function waitUntilConfigIsLoaded(
	kube: KubeClient,
	alertmanager: AlertmanagerClient,
	namespace: string,
): Promise<void> {
	const refresh = makeRefresher(kube, namespace, "alertmanager-operated");
	await eventually(
		"Alertmanager has loaded the configuration that the operator rendered",
		budgets.ruleReload,
		async () => {
			const metrics = await alertmanager.metrics();
			const hash = metrics.find(
				({ name }) => name === "alertmanager_config_hash",
			)?.value;
			const rendered = hashOf(await getRenderedConfig(kube, namespace));
			return hash === rendered
				? undefined
				: refresh(`its configuration's hash is ${hash}, not ${rendered}`);
		},
		(missing) => missing ?? true,
	);
}

const withSecretVolumes = z.object({
	volumes: z.array(
		z.looseObject({
			name: z.string(),
			secret: z.looseObject({ secretName: z.string() }).optional(),
		}),
	),
});
const secret = kubeObject.extend({
	data: z.record(z.string(), z.string()).default({}),
});

/** What the operator made of `alertmanager.config` and all AlertmanagerConfigs, as Alertmanager's pod mounts it. */
async function getRenderedConfig(
	kube: KubeClient,
	namespace: string,
): Promise<Buffer> {
	const [pod] = await listPodsOfService(
		kube,
		namespace,
		"alertmanager-operated",
	);
	const volume = withSecretVolumes
		.parse(pod?.spec)
		.volumes.find(({ name }) => name === "config-volume");
	const { data } = await kube.get(
		{
			apiVersion: "v1",
			kind: "Secret",
			namespace,
			name: volume?.secret?.secretName ?? "",
		},
		secret,
	);
	return gunzipSync(Buffer.from(data["alertmanager.yaml.gz"] ?? "", "base64"));
}

/** As Alertmanager computes `alertmanager_config_hash`: 48 bits of MD5, so that a float holds them. */
function hashOf(config: Buffer): number {
	return createHash("md5").update(config).digest().readUIntLE(0, 6);
}

/** Refreshes the mounts of a service's pods now and then, and hands back the reason why. */
function makeRefresher(kube: KubeClient, namespace: string, service: string) {
	let refreshed = 0;
	return async (reason: string): Promise<string> => {
		if (Date.now() - refreshed < refreshEvery) return reason;
		refreshed = Date.now();
		const pods: Pod[] = await listPodsOfService(kube, namespace, service);
		await Promise.all(pods.map((each) => refreshMounts(kube, each)));
		return reason;
	};
}
