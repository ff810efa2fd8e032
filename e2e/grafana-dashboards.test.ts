import { describe, expect } from "vitest";
import type { FoundDashboard, GrafanaClient } from "./clients/grafana.ts";
import { isNotFound, type KubeClient } from "./clients/kubernetes.ts";
import { budgets } from "./common/budgets.ts";
import { eventually } from "./common/eventually.ts";
import { readExcused } from "./dashboards/absent.ts";
import { DashboardQueries } from "./dashboards/blind.ts";
import { makeDashboard, readShippedDashboards } from "./dashboards/shipped.ts";
import { test } from "./test.ts";

/** A ConfigMap's way into Grafana, or out of it. */
const _way = budgets.dashboardReload + 2 * budgets.request;

/** Waits until Grafana has a dashboard with this title. */
function waitForTitle(
	grafana: GrafanaClient,
	uid: string,
	title: string,
): Promise<unknown> {
	return eventually(
		`Grafana has dashboard ${uid} with the title ${title}`,
		budgets.dashboardReload,
		async () => (await grafana.dashboard(uid)).dashboard.title,
		(seen) => seen === title || `its title is ${seen}`,
	);
}

/** Waits until Grafana has every dashboard that is shipped. @returns their uids in Grafana */
async function waitForShipped(
	kube: KubeClient,
	grafana: GrafanaClient,
): Promise<string[]> {
	const shipped = await readShippedDashboards(kube);
	expect(shipped, "ConfigMaps with dashboards").not.toEqual([]);
	const uidsOf = (all: readonly FoundDashboard[]) =>
		shipped.map(
			({ uid, title }) =>
				all.find((each) => each.title === title && (!uid || each.uid === uid))
					?.uid,
		);
	const found = await eventually(
		"Grafana has every dashboard that is shipped",
		budgets.dashboardReload,
		async () => uidsOf(await grafana.dashboards()),
		(uids) => {
			const missing = shipped.filter((_, i) => uids[i] === undefined);
			return (
				missing.length === 0 ||
				`not there: ${missing.map(({ source }) => source).join(", ")}`
			);
		},
	);
	return found.filter((uid) => uid !== undefined);
}

describe("a labelled ConfigMap in any namespace is a dashboard in Grafana", () => {
	test.concurrent("every dashboard that is shipped is there", async ({
		kube,
		grafana,
		annotate,
	}) => {
		const { length } = await waitForShipped(kube, grafana);
		await annotate(`${length} dashboards are shipped, all are there`);
	});

	test.concurrent("one in a new namespace comes, changes and goes with its ConfigMap", async ({
		namespace,
		kube,
		grafana,
		annotate,
	}) => {
		const uid = namespace;
		const began = Date.now();
		const plant = (title: string) =>
			kube.apply([makeDashboard(namespace, uid, { title, label: "1" })]);
		await plant(`${uid} first`);
		await waitForTitle(grafana, uid, `${uid} first`);
		const came = Date.now();
		await plant(`${uid} second`);
		await waitForTitle(grafana, uid, `${uid} second`);
		const changed = Date.now();
		await kube.delete([
			{ apiVersion: "v1", kind: "ConfigMap", namespace, name: uid },
		]);
		await eventually(
			`dashboard ${uid} is gone`,
			budgets.dashboardReload,
			() => isGone(grafana, uid),
			(gone) => gone || "it is still there",
		);
		const seconds = [came - began, changed - came, Date.now() - changed].map(
			(each) => `${(each / 1000).toFixed(1)} s`,
		);
		await annotate(`came, changed and went within ${seconds.join(", ")}`);
	});

	test.concurrent("one without the label, or with another value of it, never shows", async ({
		namespace,
		kube,
		grafana,
	}) => {
		const refused = { unlabelled: undefined, "other-value": "0" };
		const uidOf = (name: string) => `${namespace}-${name}`;
		await kube.apply(
			Object.entries(refused).map(([name, label]) =>
				makeDashboard(namespace, uidOf(name), { title: uidOf(name), label }),
			),
		);
		// Planted after them, it comes by the only way there is.
		const canary = uidOf("canary");
		await kube.apply([
			makeDashboard(namespace, canary, { title: canary, label: "1" }),
		]);
		await waitForTitle(grafana, canary, canary);
		const found = await grafana.dashboards();
		expect(
			found.map(({ uid }) => uid).filter((uid) => uid.startsWith(namespace)),
		).toEqual([canary]);
	});

	test.concurrent("every query of every shipped dashboard asks for metrics that exist", async ({
		kube,
		grafana,
		prometheus,
		annotate,
	}) => {
		const uids = await waitForShipped(kube, grafana);
		const models = await Promise.all(
			uids.map(async (uid) => (await grafana.dashboard(uid)).dashboard),
		);
		const excused = await readExcused(await kube.version());
		const queries = new DashboardQueries(models, excused);
		expect(queries.total, "queries of shipped dashboards").toBeGreaterThan(0);
		await eventually(
			`${queries.total} queries of ${models.length} dashboards ask for metrics that exist`,
			budgets.twoScrapes + budgets.ruleReload,
			() => queries.run(prometheus),
			(flaws) => flaws.length === 0 || flaws.join("; "),
		);
		await annotate(
			`${queries.total} queries of ${models.length} dashboards were run`,
		);
		if (queries.others.length > 0)
			await annotate(
				`not run, for they do not go to Prometheus: those of ${queries.others.join(", ")}`,
			);
	});
});

async function isGone(grafana: GrafanaClient, uid: string): Promise<boolean> {
	try {
		await grafana.dashboard(uid);
		return false;
	} catch (error) {
		if (isNotFound(error)) return true;
		throw error;
	}
}
