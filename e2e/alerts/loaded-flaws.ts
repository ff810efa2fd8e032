import type { KubeClient } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { listPodsOfService } from "../clients/service-pods.ts";
import type { Environment } from "../common/environment.ts";
import { findUntried } from "./alert-contexts.ts";
import {
	type AlertmanagerConfigObject,
	listBroughtRules,
} from "./alertmanager-configs.ts";
import {
	findUnknownAlertmanagers,
	readAlertRetention,
} from "./alertmanagers.ts";
import { findUnsentResolves } from "./destinations.ts";
import {
	findInhibitionFlaws,
	inhibitionConditions,
	isNamedCause,
} from "./inhibition/inhibition.ts";
import { type AlertmanagerConfig, withWrittenWaits } from "./loaded-config.ts";
import {
	type AlertRule,
	listHeartbeats,
	readAlertLabels,
	withEachSeverity,
} from "./loaded-rules.ts";
import { findRoutingFlaws, findUntriedRoutes } from "./promised-routes.ts";
import { readAlertRelabelling } from "./relabelling/alert-relabelling.ts";
import { findMergedAlerts } from "./relabelling/merged-alerts.ts";
import { findExceededLimits } from "./rules/limits.ts";
import { findOverwrittenNamespaces } from "./rules/overwritten-namespaces.ts";

interface Loaded {
	readonly kube: KubeClient;
	readonly prometheus: PrometheusClient;
	readonly environment: Pick<Environment, "namespace" | "asWritten">;
	/** What Alertmanager has loaded. */
	readonly config: AlertmanagerConfig;
	readonly alertmanagerConfigs: readonly AlertmanagerConfigObject[];
	/** What Prometheus has loaded. */
	readonly rules: readonly AlertRule[];
}

/**
 * Holds what Prometheus and Alertmanager have loaded against what is promised of alerts.
 *
 * @returns a sentence for each flaw, and for what could not be tried
 */
export async function findLoadedFlaws({
	kube,
	prometheus,
	environment: { namespace, asWritten },
	config,
	alertmanagerConfigs,
	rules,
}: Loaded): Promise<{
	readonly flaws: readonly string[];
	readonly untried: readonly string[];
}> {
	const configuration = await prometheus.config();
	const pods = await listPodsOfService(
		kube,
		namespace,
		"alertmanager-operated",
	);
	const replicas = await prometheus.each();
	const addresses = await Promise.all(
		replicas.map((one) => one.alertmanagers()),
	);
	const alerts = rules.flatMap(withEachSeverity);
	const causes = rules.filter(({ labels }) =>
		isNamedCause(config, labels.alertname ?? ""),
	);
	const heartbeats = await listHeartbeats(prometheus, rules);
	const { external_labels: externalLabels } = configuration.global;
	const relabelling = readAlertRelabelling(configuration, namespace);
	const flaws = [
		...findUnknownAlertmanagers(pods, addresses),
		...findRoutingFlaws({
			config: withWrittenWaits(config, asWritten.rootRoute),
			relabelling,
			externalLabels,
			rules: alerts,
			retention: readAlertRetention(pods),
		}),
		...findInhibitionFlaws(config, {
			externalLabels,
			brought: listBroughtRules(alertmanagerConfigs),
			alerts,
			always: heartbeats.map(({ labels }) => labels),
			labelsOf: await readAlertLabels(prometheus, causes),
		}),
		...findUnsentResolves(config, alerts),
		...(await findMergedAlerts(prometheus, rules, relabelling)),
		...(await findExceededLimits(prometheus, rules)),
		...(await findOverwrittenNamespaces(prometheus, rules)),
	];
	const untried = [
		...findUntriedRoutes({ config, relabelling }),
		...findUntried(inhibitionConditions(config), []),
	];
	return { flaws, untried };
}
