import { join } from "node:path";
import { describe, expect } from "vitest";
import type { FoundDashboard, GrafanaClient } from "./clients/grafana.ts";
import type { KubeClient } from "./clients/kubernetes.ts";
import { budgets } from "./common/budgets.ts";
import { EnvironmentError, messageOf } from "./common/errors.ts";
import { eventually, notYet } from "./common/eventually.ts";
import { tidyUp } from "./common/tidy-up.ts";
import { openGrafanaPort } from "./dashboards/grafana-port.ts";
import { logInOnPage } from "./dashboards/log-in-page.ts";
import { PageQueries } from "./dashboards/page-queries.ts";
import { readShipped } from "./dashboards/shipped.ts";
import { readSidecar } from "./dashboards/sidecar.ts";
import { StartedBrowser } from "./harness/cluster/browser.ts";
import { pictureFile } from "./harness/report/report.ts";
import { networkOf } from "./harness/run/run.ts";
import { makeUniqueName, test } from "./test.ts";

/** What the default type of panel draws on. */
const graph = ".uplot canvas";

/** Consecutive probes without a new query, half a second apart, after which a page is done. */
const quietProbes = 10;

describe("a person with a browser logs in to Grafana and sees a dashboard", {
	tags: ["needs-browser"],
}, () => {
	test("the admin logs in on the login page, and the dashboard about nodes draws graphs without a failed query", async ({
		kube,
		prometheus,
		grafana,
		environment,
		namespace,
		annotate,
		onTestFinished,
	}) => {
		const { grafanaAdmin, nodes, reportDir, runId, clusterId, images } =
			environment;
		if (!images.browser)
			throw new EnvironmentError("this run has no image of a browser");
		const browser = await StartedBrowser.start(
			runId,
			images.browser,
			networkOf(clusterId),
		);
		onTestFinished(tidyUp("stopping the browser", () => browser.stop()));
		const port = await openGrafanaPort(kube, environment.namespace, namespace);
		const dashboard =
			(await waitForShippedNodes(kube, grafana, environment.namespace)) ??
			nodesByHand(makeUniqueName(environment));
		if ("panels" in dashboard) {
			await grafana.save(dashboard);
			onTestFinished(
				tidyUp(`deletion of dashboard ${dashboard.uid}`, () =>
					grafana.delete(dashboard.uid),
				),
			);
		}
		await eventually(
			"Prometheus has rates of the nodes' CPU time",
			budgets.twoScrapes,
			async () => {
				const series = await prometheus.query(
					"rate(node_cpu_seconds_total[5m])",
				);
				if (series.length === 0) return notYet("there are none");
			},
		);

		const { rootUrl, path } = await grafana.pages();
		const address = `http://${nodes.medium}:${port}${path}`;
		await browser.look(
			join(reportDir, pictureFile),
			budgets.page,
			async (page) => {
				if (await logInOnPage(page, { address, rootUrl }, grafanaAdmin))
					await annotate(
						`Grafana's cookies are for https only, which the test has not: they were kept as at ${rootUrl}`,
					);
				const queries = new PageQueries(page);
				await page.goto(`${address}/d/${dashboard.uid}?kiosk&from=now-15m`);
				await page
					.locator(graph)
					.first()
					.waitFor()
					.catch((cause: unknown) => {
						throw new Error(
							`the page draws no graph: ${messageOf(cause)}; queries that failed: ${queries.outcomes.failed.join("; ") || "none"}`,
							{ cause },
						);
					});
				// Some panels send their queries only after another one's answer.
				let [sentBefore, quiet] = [0, 0];
				await eventually(
					"every query of the page has its answer, and no new ones are sent",
					budgets.page,
					async () => {
						const { sent, pending } = queries;
						quiet = sent === sentBefore && pending === 0 ? quiet + 1 : 0;
						sentBefore = sent;
						if (quiet < quietProbes)
							return notYet(`${pending} of ${sent} have none`);
					},
				);
				const { answered, empty, failed } = queries.outcomes;
				await annotate(
					`"${dashboard.title}": ${await page.locator(graph).count()} graphs drawn, ${answered} queries answered, ${empty} without a sample; ${pictureFile}`,
				);
				expect(failed, "queries that failed").toEqual([]);
				expect(answered, "queries that were answered").toBeGreaterThan(0);
			},
		);
	});
});

/** Whether and which dashboards are shipped is for claim grafana-dashboards to say. */
async function waitForShippedNodes(
	kube: KubeClient,
	grafana: GrafanaClient,
	namespace: string,
): Promise<FoundDashboard | undefined> {
	const sidecar = await readSidecar(kube, namespace, "dashboard");
	if (!sidecar) return undefined;
	const { dashboards } = await readShipped(kube, sidecar);
	// The public chart has others with "node" in their titles: for other operating systems, for one cluster's pods.
	const aboutNodes = dashboards.filter(({ title }) => /\bnodes$/i.test(title));
	const nodes = aboutNodes.find(({ ofChart }) => ofChart) ?? aboutNodes[0];
	return (
		nodes &&
		eventually(
			`Grafana has the shipped dashboard ${nodes.title}`,
			budgets.dashboardReload,
			async () => {
				const all = await grafana.dashboards();
				const found = all.find(({ title }) => title === nodes.title);
				if (found) return found;
				const others = all.map(({ title }) => title).join(", ");
				return notYet(`it has ${others || "none"}`);
			},
		)
	);
}

/** A dashboard about nodes, for a homelab that ships none. */
function nodesByHand(uid: string) {
	return {
		uid,
		title: `${uid} nodes`,
		schemaVersion: 39,
		panels: [
			{
				id: 1,
				type: "timeseries",
				title: "CPU",
				gridPos: { x: 0, y: 0, w: 24, h: 12 },
				targets: [
					{
						refId: "A",
						expr: "sum by (instance) (rate(node_cpu_seconds_total[5m]))",
					},
				],
			},
		],
	};
}
