import { join } from "node:path";
import pLimit from "p-limit";
import { stringify } from "yaml";
import { readRoutePrefix } from "../../clients/api-server/route-prefix.ts";
import { monitoringV1, pod } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import type { Environment } from "../../common/environment.ts";
import { messageOf } from "../../common/errors.ts";
import { writeReportFile } from "../../common/output/report-file.ts";
import { rememberSecretsIn } from "../../common/secrecy/in-values.ts";
import { cleanAll } from "../../common/secrecy/redact.ts";

/** Without Secrets: their values must not be in the evidence. */
const kinds = [
	["v1", "Node"],
	["v1", "Pod"],
	["v1", "Service"],
	["v1", "Endpoints"],
	["v1", "Event"],
	["v1", "PersistentVolumeClaim"],
	["v1", "PersistentVolume"],
	["apps/v1", "Deployment"],
	["apps/v1", "StatefulSet"],
	["apps/v1", "DaemonSet"],
	["storage.k8s.io/v1", "StorageClass"],
	[monitoringV1, "Prometheus"],
	[monitoringV1, "Alertmanager"],
	[monitoringV1, "ServiceMonitor"],
	[monitoringV1, "PodMonitor"],
	[monitoringV1, "PrometheusRule"],
] as const;

/** What Prometheus and Alertmanager report about themselves, reached by the Services that the operator creates. */
const pages = [
	["Prometheus", 9090, "/api/v1/targets"],
	["Prometheus", 9090, "/api/v1/rules"],
	["Prometheus", 9090, "/api/v1/alerts"],
	["Prometheus", 9090, "/api/v1/status/config"],
	["Prometheus", 9090, "/api/v1/status/runtimeinfo"],
	["Prometheus", 9090, "/metrics"],
	["Alertmanager", 9093, "/api/v2/status"],
	["Alertmanager", 9093, "/api/v2/alerts"],
	["Alertmanager", 9093, "/api/v2/alerts/groups"],
] as const;

/** The folder for the evidence of a claim that failed, or of `set-up`. */
export function evidenceDir(
	{ reportDir }: Pick<Environment, "reportDir">,
	what: string,
): string {
	return join(reportDir, "evidence", what);
}

/**
 * Writes the state of the cluster into `dir`: resources, events, logs and previous logs, Prometheus' targets and
 * configuration, Alertmanager's state. If something cannot be read, its file says why.
 */
export async function collectEvidence(
	kube: KubeClient,
	namespace: string,
	dir: string,
): Promise<void> {
	await rememberClusterSecrets(kube);
	const limit = pLimit(8);
	const write = (path: string, read: () => Promise<string>) =>
		limit(async () => {
			const text = await read().catch(
				(error: unknown) => `could not be read: ${messageOf(error)}\n`,
			);
			await writeReportFile(join(dir, path), text);
		});
	const prefixes = {
		Prometheus: readRoutePrefix(kube, namespace, "Prometheus"),
		Alertmanager: readRoutePrefix(kube, namespace, "Alertmanager"),
	};
	await Promise.all([
		...kinds.map(([apiVersion, kind]) =>
			write(`resources/${kind}.yaml`, async () =>
				// Clean before it is escaped and wrapped.
				stringify(cleanAll(await kube.list({ apiVersion, kind }))),
			),
		),
		...pages.map(([owner, port, path]) =>
			write(`${serviceOf(owner)}${path.replaceAll("/", "_")}`, async () => {
				const service = kube.proxy({
					namespace,
					kind: "services",
					name: serviceOf(owner),
					port,
					prefix: prefixes[owner],
				});
				return (await service.get(path)).text;
			}),
		),
		...(await logsOf(kube)).map(({ file, read }) => write(file, read)),
	]);
}

function serviceOf(owner: (typeof pages)[number][0]): string {
	return `${owner.toLowerCase()}-operated`;
}

/** Whatever is in a Secret of the cluster must not be in the evidence, and logs and configurations may quote it. */
async function rememberClusterSecrets(kube: KubeClient): Promise<void> {
	const secrets = await kube
		.list({ apiVersion: "v1", kind: "Secret" })
		.catch(() => []);
	for (const each of secrets) rememberSecretsIn({ ...each, kind: "Secret" });
}

async function logsOf(kube: KubeClient) {
	const pods = await kube
		.list({ apiVersion: "v1", kind: "Pod" }, pod)
		.catch(() => []);
	return pods.flatMap(({ metadata, status }) => {
		const namespace = metadata.namespace ?? "";
		const all = [...status.initContainerStatuses, ...status.containerStatuses];
		return all.flatMap(({ name: container, restartCount }) => {
			const path = `logs/${namespace}/${metadata.name}/${container}`;
			const read = (previous: boolean) => () =>
				kube.logs(namespace, metadata.name, { container, previous });
			return [
				{ file: `${path}.log`, read: read(false) },
				...(restartCount > 0
					? [{ file: `${path}.previous.log`, read: read(true) }]
					: []),
			];
		});
	});
}
