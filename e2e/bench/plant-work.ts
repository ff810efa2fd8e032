import { range, sumBy, uniqBy } from "es-toolkit";
import { AlertmanagerClient } from "../clients/alertmanager.ts";
import { GrafanaClient } from "../clients/grafana.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { formatLabels } from "../clients/label-selector.ts";
import { makeRefresher } from "../clients/mounts.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { waitForRollout } from "../clients/rollout.ts";
import { budgets } from "../common/budgets.ts";
import type { Environment } from "../common/environment.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { readVersions } from "../harness/chart/versions.ts";
import { makeFixtureSource } from "../harness/set-up/fixture-source.ts";
import { uidOfDashboard } from "./planted-dashboards.ts";
import { namespaceOfCopy } from "./planted-names.ts";
import { countFiring } from "./planted-rules.ts";
import { makePlantedWork, servingApp } from "./planted-work.ts";
import type { Work } from "./work.ts";

/** The stack that work is planted in. */
export interface PlantedStack {
	readonly kube: KubeClient;
	readonly prometheus: PrometheusClient;
	readonly environment: Pick<
		Environment,
		"namespace" | "images" | "grafanaAdmin"
	>;
}

/**
 * Plants a stack's work some times more, and waits until it is in force: scraped, evaluated, fired and shown. It is removed
 * with the cluster.
 */
export async function plantWork(
	stack: PlantedStack,
	work: Work,
	times: number,
): Promise<void> {
	const { kube, environment } = stack;
	const { release } = await readVersions();
	const copies = range(1, times + 1);
	const planting = { image: environment.images.node, release: release.name };
	for (const copy of copies) {
		const namespace = namespaceOfCopy(copy);
		await kube.apply([
			...makePlantedWork(copy, work, planting),
			await makeFixtureSource(namespace, "sample-app"),
		]);
	}
	const serving = copies.map((copy) =>
		waitForRollout(kube, {
			kind: "Deployment",
			namespace: namespaceOfCopy(copy),
			name: servingApp,
		}),
	);
	await Promise.all(serving);
	await waitUntilScraped(stack, copies, work);
	await waitUntilEvaluated(stack, copies, work);
	await waitUntilFired(stack, copies, work);
	await waitUntilShown(stack, copies, work);
}

/** Until every target has two scrapes, a rate has nothing to show, and a claim waits for it. */
export async function waitUntilScrapedTwice(
	prometheus: Pick<PrometheusClient, "query" | "targets">,
): Promise<void> {
	await eventually(
		"Prometheus has scraped each target twice",
		budgets.twoScrapes,
		async () => {
			const { active } = await prometheus.targets({ state: "active" });
			// Targets with the same labels have one series.
			const all = uniqBy(active, ({ labels }) => formatLabels(labels)).length;
			const [found] = await prometheus.query(
				"count((count_over_time(up[10m]) >= 2) and up)",
			);
			const twice = found?.value.value ?? 0;
			// Right after its start, Prometheus has found no target yet.
			if (all === 0 || twice < all)
				return notYet(`${twice} of its ${all} targets were`);
		},
	);
}

async function waitUntilScraped(
	{ kube, prometheus, environment }: PlantedStack,
	copies: readonly number[],
	{ targets }: Work,
): Promise<void> {
	const namespaces = new Set(copies.map(namespaceOfCopy));
	const refresh = makeRefresher(kube, environment.namespace, service);
	await eventually(
		`Prometheus scrapes ${targets * copies.length} planted targets`,
		budgets.plantedWork,
		async () => {
			const { active } = await prometheus.targets({ state: "active" });
			const planted = active.filter(({ labels }) =>
				namespaces.has(labels.namespace ?? ""),
			);
			const up = planted.filter(({ health }) => health === "up");
			if (up.length === targets * copies.length) return;
			const [other] = planted.filter(({ health }) => health === "down");
			return notYet(
				await refresh(
					`it has ${planted.length}, of which ${up.length} are up${other ? `; ${other.scrapeUrl}: ${other.lastError}` : ""}`,
				),
			);
		},
	);
}

/** The Service of Prometheus' pods. */
const service = "prometheus-operated";

async function waitUntilEvaluated(
	{ kube, prometheus, environment }: PlantedStack,
	copies: readonly number[],
	{ recordingRules, alertRules }: Work,
): Promise<void> {
	const wanted = (recordingRules + alertRules) * copies.length;
	const files = copies.map((copy) => `/${namespaceOfCopy(copy)}-`);
	const refresh = makeRefresher(kube, environment.namespace, service);
	await eventually(
		`Prometheus has evaluated ${wanted} planted rules`,
		budgets.plantedWork,
		async () => {
			const groups = (await prometheus.ruleGroups()).filter(({ file }) =>
				files.some((each) => file.includes(each)),
			);
			const rules = groups.flatMap((group) => group.rules);
			const good = rules.filter(({ health }) => health === "ok");
			if (good.length === wanted) return;
			const failed = rules.find(({ health }) => health === "err");
			return notYet(
				await refresh(
					`it has ${rules.length}, of which ${good.length} are ok${failed ? `; ${failed.name}: ${failed.lastError}` : ""}`,
				),
			);
		},
	);
}

async function waitUntilFired(
	{ kube, environment }: PlantedStack,
	copies: readonly number[],
	work: Work,
): Promise<void> {
	const wanted = countFiring(work) * copies.length;
	const namespaces = new Set(copies.map(namespaceOfCopy));
	const alertmanager = AlertmanagerClient.inNamespace(
		kube,
		environment.namespace,
	);
	await eventually(
		`Alertmanager has ${wanted} planted alerts`,
		budgets.plantedWork,
		async () => {
			const known = await alertmanager.alerts('alertname="InfoInhibitor"');
			const own = known.filter(({ labels }) =>
				namespaces.has(labels.namespace ?? ""),
			);
			if (own.length < wanted) return notYet(`it has ${own.length}`);
		},
	);
}

async function waitUntilShown(
	{ kube, environment }: PlantedStack,
	copies: readonly number[],
	{ dashboards }: Work,
): Promise<void> {
	const { namespace, grafanaAdmin } = environment;
	const anonymous = await GrafanaClient.inNamespace(kube, namespace);
	const grafana = await anonymous.logIn(grafanaAdmin);
	const wanted = copies.flatMap((copy) =>
		dashboards.map((_, i) => uidOfDashboard(copy, i)),
	);
	await eventually(
		`Grafana has ${wanted.length} planted dashboards`,
		budgets.plantedWork,
		async () => {
			const found = new Set((await grafana.dashboards()).map(({ uid }) => uid));
			const missing = sumBy(wanted, (uid) => (found.has(uid) ? 0 : 1));
			if (missing > 0) return notYet(`${missing} are missing`);
		},
	);
}
