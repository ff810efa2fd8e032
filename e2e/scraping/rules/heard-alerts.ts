import { uniq } from "es-toolkit";
import { pod } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import type { PrometheusClient } from "../../clients/prometheus.ts";
import type { ActiveTarget } from "../../clients/prometheus-schemas.ts";
import { budgets } from "../../common/budgets.ts";
import { clusterNow } from "../../common/clock/cluster-clock.ts";
import { eventually, HopelessError, notYet } from "../../common/eventually.ts";
import { argumentsOf, takePodsOf } from "../../kube-metrics/target-pods.ts";
import {
	findTargetsOf,
	type PromisedComponent,
	promisedComponent,
} from "../promised-targets.ts";
import { watchRounds } from "../rounds.ts";
import { findDeafAlerts } from "./deaf-alerts.ts";
import { readOwnGroups } from "./loaded-groups.ts";
import { lonelyIn } from "./lonely-samples.ts";
import { whyUnexposed } from "./unexposed.ts";

const stateMetrics = promisedComponent("kube-state-metrics");
const nodeExporter = promisedComponent("Node Exporter");

/**
 * Waits until Prometheus has what critical and warning alerts read, from samples since now.
 *
 * @param interval how often targets are scraped, in milliseconds
 * @throws HopelessError once every target was scraped
 */
export async function waitForHeardAlerts(
	kube: KubeClient,
	prometheus: PrometheusClient,
	interval: number,
): Promise<void> {
	const began = clusterNow();
	const budget = budgets.scrapeInterval;
	const rounds = watchRounds(kube, prometheus, budget, began);
	await eventually(
		"Prometheus stores what critical and warning alerts read",
		budget,
		async () => {
			const { late } = await rounds();
			const { global, scrape_configs: configs } = await prometheus.config();
			const externalLabels = Object.keys(global.external_labels);
			const { active: targets } = await prometheus.targets({
				state: "active",
			});
			const exposing = {
				jobs: uniq([
					...targets.map(({ labels }) => labels.job ?? ""),
					// One that finds nothing here may find something at home.
					...configs.map(({ job_name }) => job_name),
				]),
				stateArgs: await argumentsOfAll(
					stateMetrics,
					kube,
					prometheus,
					targets,
				),
				exporterArgs: await argumentsOfAll(
					nodeExporter,
					kube,
					prometheus,
					targets,
				),
			};
			const deaf = await findDeafAlerts(
				await readOwnGroups(kube, prometheus),
				{ targets, configs, externalLabels },
				{
					isStored: async (selector) =>
						(await prometheus.countSince(selector, began)) > 0,
					whyUnexposed: (selector) => whyUnexposed(selector, exposing),
					find: async (expression) =>
						(await prometheus.query(expression)).map(({ metric }) => metric),
					interval,
					isLonely: lonelyIn(prometheus),
				},
			);
			if (deaf.length === 0) return;
			const clause = `"Alerts from Prometheus rules": ${deaf.join("; ")}`;
			if (late.length === 0) throw new HopelessError(clause);
			return notYet(clause);
		},
	);
}

/** The arguments that all pods of a component run with which are targets. */
async function argumentsOfAll(
	component: PromisedComponent,
	kube: KubeClient,
	prometheus: PrometheusClient,
	targets: readonly ActiveTarget[],
): Promise<string[]> {
	const own = await findTargetsOf(component, targets, prometheus);
	const pods = await kube.list({ apiVersion: "v1", kind: "Pod" }, pod);
	const [first = [], ...others] = own
		.map((target) => argumentsOf(takePodsOf(target, pods)))
		.filter((args) => args.length > 0);
	return first.filter((arg) => others.every((args) => args.includes(arg)));
}
