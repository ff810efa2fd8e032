import pLimit from "p-limit";
import { describe, expect } from "vitest";
import type { GrafanaClient } from "./clients/grafana.ts";
import type { KubeClient } from "./clients/kubernetes.ts";
import { homelabTenant, LokiClient } from "./clients/loki.ts";
import type { Environment } from "./common/environment.ts";
import { eventually, notYet } from "./common/eventually.ts";
import { findLostPanels } from "./dashboards/panel-plugins.ts";
import { listProvided } from "./dashboards/provided.ts";
import { readExcused } from "./dashboards/queries/excused.ts";
import {
	LiveLogs,
	labelsThrough,
	plantUsualLogs,
} from "./dashboards/queries/live-logs.ts";
import type { QueryingDashboard } from "./dashboards/queries/model.ts";
import { listNamespaces, readPresence } from "./dashboards/queries/presence.ts";
import { waitUntilDrawn } from "./dashboards/queries/wait-until-drawn.ts";
import { ifFound, readWhole } from "./dashboards/read-whole.ts";
import { reloadBudget } from "./dashboards/reload-budget.ts";
import {
	makeDashboard,
	promisedSelector,
	readShipped,
} from "./dashboards/shipped.ts";
import { explainSidecar, readSidecar } from "./dashboards/sidecar.ts";
import { test, uniqueNamePrefix } from "./test.ts";

/** "... with the grafana_dashboard: \"1\" label". */
const promisedLabel = 'grafana_dashboard: "1"';

/** Grafana, and what puts dashboards into it. */
interface DashboardPath {
	readonly grafana: GrafanaClient;
	readonly kube: KubeClient;
	readonly environment: Pick<Environment, "namespace">;
}

/** Waits until Grafana has a dashboard with this title. */
async function waitForTitle(
	{ grafana, kube, environment }: DashboardPath,
	uid: string,
	title: string,
): Promise<void> {
	await eventually(
		`Grafana has dashboard ${uid} with the title ${title}, of a ConfigMap with the label ${promisedLabel}`,
		await reloadBudget(kube, environment.namespace),
		async () => {
			if (!(await exists(grafana, uid)))
				return notYet(
					`it has none: ${await explainSidecar(kube, environment.namespace)}`,
				);
			const { title: now } = (await grafana.dashboard(uid)).dashboard;
			if (now !== title) return notYet(`its title is ${now}`);
		},
	);
}

/** Waits until Grafana has every shipped dashboard. @returns their uids in Grafana */
async function waitForShipped({
	kube,
	grafana,
	environment,
}: DashboardPath): Promise<string[]> {
	const sidecar = await readSidecar(kube, environment.namespace, "dashboard");
	const { dashboards: shipped, flaws } = await readShipped(kube, {
		...sidecar,
		labelSelector: promisedSelector,
	});
	if (!shipped.some(({ ofChart }) => ofChart))
		throw new Error(
			`"a set of default dashboards": no ConfigMap of the chart has a dashboard and the label ${promisedLabel}; ${await explainSidecar(kube, environment.namespace)}. grafana.defaultDashboardsEnabled switches them off`,
		);
	expect(flaws, "what keeps shipped dashboards from being shown").toEqual([]);
	return eventually(
		"Grafana has every shipped dashboard",
		await reloadBudget(kube, environment.namespace),
		async () => {
			const all = await grafana.dashboards();
			const found = shipped.map(({ source, uid, title }) => ({
				source,
				uid: all.find(
					(each) => each.title === title && (!uid || each.uid === uid),
				)?.uid,
			}));
			const missing = found.filter(({ uid }) => uid === undefined);
			return missing.length === 0
				? found.flatMap(({ uid }) => uid ?? [])
				: notYet(
						`missing: ${missing.map(({ source }) => source).join(", ")}; ${await explainSidecar(kube, environment.namespace)}`,
					);
		},
	);
}

/** All that a person sees without having saved it: what is shipped, and what Grafana reads from other files. */
async function readAll(
	path: DashboardPath & { readonly environment: Pick<Environment, "runId"> },
): Promise<QueryingDashboard[]> {
	const { grafana, environment } = path;
	const shipped = await waitForShipped(path);
	const others = await listProvided(grafana, shipped, (uid) =>
		uid.startsWith(uniqueNamePrefix(environment)),
	);
	const limit = pLimit(8);
	const [kept, seen] = await Promise.all([
		limit.map(shipped, (uid) => readWhole(grafana, uid)),
		// Another claim may have taken away what it had added.
		limit.map(others, (uid) => ifFound(readWhole(grafana, uid))),
	]);
	return [...kept, ...seen.filter((each) => each !== undefined)];
}

describe("a labelled ConfigMap in any namespace is a dashboard in Grafana", {
	tags: ["ignores-secrets"],
}, () => {
	test.concurrent("every shipped dashboard is there", async ({
		kube,
		grafana,
		environment,
		annotate,
	}) => {
		const path = { kube, grafana, environment };
		const { length } = await waitForShipped(path);
		await annotate(`all ${length} shipped dashboards are there`);
	});

	test.concurrent("Grafana has the plugin of every panel of every shipped dashboard", async ({
		kube,
		grafana,
		environment,
	}) => {
		const dashboards = await readAll({ kube, grafana, environment });
		expect(
			await findLostPanels(dashboards, kube, grafana, environment.namespace),
			'panels instead of which a person sees "Panel plugin not found"',
		).toEqual([]);
	});

	test.concurrent("a dashboard in a new namespace appears, changes and disappears with its ConfigMap", async ({
		namespace,
		kube,
		grafana,
		environment,
		annotate,
	}) => {
		const path = { kube, grafana, environment };
		const uid = namespace;
		const began = performance.now();
		const plant = (title: string) =>
			kube.apply([makeDashboard(namespace, uid, { title, label: "1" })]);
		await plant(`${uid} first`);
		await waitForTitle(path, uid, `${uid} first`);
		const appeared = performance.now();
		await plant(`${uid} second`);
		await waitForTitle(path, uid, `${uid} second`);
		const changed = performance.now();
		await kube.delete([
			{ apiVersion: "v1", kind: "ConfigMap", namespace, name: uid },
		]);
		await eventually(
			`dashboard ${uid} is gone`,
			await reloadBudget(kube, environment.namespace),
			async () => {
				if (await exists(grafana, uid)) return notYet("it is still there");
			},
		);
		const seconds = [
			appeared - began,
			changed - appeared,
			performance.now() - changed,
		].map((each) => `${(each / 1000).toFixed(1)} s`);
		await annotate(
			`appeared, changed and disappeared within ${seconds.join(", ")}`,
		);
	});

	test.concurrent("a dashboard without the label, or with another value of it, never appears", async ({
		namespace,
		kube,
		grafana,
		environment,
	}) => {
		const path = { kube, grafana, environment };
		const refused = { unlabelled: undefined, "other-value": "0" };
		const uidOf = (name: string) => `${namespace}-${name}`;
		await kube.apply(
			Object.entries(refused).map(([name, label]) =>
				makeDashboard(namespace, uidOf(name), { title: uidOf(name), label }),
			),
		);
		// Planted after them, it takes the only path there is: once it is there, they would be, too.
		const canary = uidOf("canary");
		await kube.apply([
			makeDashboard(namespace, canary, { title: canary, label: "1" }),
		]);
		await waitForTitle(path, canary, canary);
		const uids = (await grafana.dashboards()).map(({ uid }) => uid);
		expect(uids.filter((uid) => uid.startsWith(namespace))).toEqual([canary]);
	});

	test.concurrent("every query of every shipped dashboard draws something", async ({
		namespace,
		kube,
		grafana,
		environment,
		prometheus,
		annotate,
	}) => {
		const dashboards = await readAll({ kube, grafana, environment });
		const { asked, excused, reasons, unchecked, rates } = await waitUntilDrawn(
			dashboards,
			kube,
			grafana,
			prometheus,
			{
				excuses: await readExcused(await kube.version()),
				namespaces: await listNamespaces(kube),
				recordsSwitchedOff: environment.asWritten.recordsSwitchedOff ?? [],
				presence: () => readPresence(kube, prometheus, environment.namespace),
				logs: new LiveLogs(labelsThrough(grafana), async () => {
					if (environment.addons.includes("loki"))
						await plantUsualLogs(
							LokiClient.inCluster(kube, homelabTenant),
							namespace,
						);
				}),
			},
		);
		expect(asked, "queries of shipped dashboards").toBeGreaterThan(0);
		await annotate(
			`${asked} queries of ${dashboards.length} dashboards were sent as Grafana sends them; ${excused.length} may draw nothing: ${excused.join("; ") || "none"}`,
		);
		for (const [metric, reason] of reasons)
			await annotate(`there is no ${metric}: ${reason}`);
		if (unchecked.length > 0)
			await annotate(
				`queries for datasources of other types were not sent: ${unchecked.join(", ")}`,
			);
		if (rates.empty > 0)
			await annotate(
				`${rates.empty} of ${rates.all} queries with $__rate_interval draw nothing by a datasource without jsonData.timeInterval: Grafana takes 15s for it, and a rate over a minute has no two samples at a scrape interval of 60s. Thanos needs timeInterval: 60s, which the homelab's values did not have`,
				"corrected",
			);
	});
});

async function exists(grafana: GrafanaClient, uid: string): Promise<boolean> {
	return (await ifFound(grafana.dashboard(uid))) !== undefined;
}
