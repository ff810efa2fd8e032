import { join } from "node:path";
import { describe, expect } from "vitest";
import { budgets } from "./common/budgets.ts";
import { messageOf } from "./common/errors.ts";
import { eventually } from "./common/eventually.ts";
import { tidyUp } from "./common/tidy-up.ts";
import { openGrafanaPort } from "./dashboards/grafana-port.ts";
import { PageQueries } from "./dashboards/page-queries.ts";
import { readShippedDashboards } from "./dashboards/shipped.ts";
import { StartedBrowser } from "./harness/cluster/browser.ts";
import { pictureFile } from "./harness/report/report.ts";
import { test } from "./test.ts";

/** What the default kind of panel draws on. */
const graph = ".uplot canvas";

/** So many looks one after the other without a new query: a page that thinks for seconds is done. */
const quietLooks = 10;

describe("a person with a browser logs in to Grafana and sees a dashboard", {
	tags: ["needs-browser"],
}, () => {
	test("the login page lets the admin in, and the dashboard about nodes draws graphs without a query that fails", async ({
		kube,
		prometheus,
		grafana,
		environment,
		namespace,
		annotate,
		onTestFinished,
	}) => {
		const { grafanaAdmin, nodes, reportDir } = environment;
		const browser = await StartedBrowser.start(environment);
		onTestFinished(tidyUp("end of the browser", () => browser.stop()));
		const port = await openGrafanaPort(kube, environment.namespace, namespace);
		const shipped = await readShippedDashboards(kube);
		const titles = shipped.map(({ title }) => title);
		const dashboard = await eventually(
			"Grafana has a shipped dashboard about nodes",
			budgets.dashboardReload,
			async () => {
				const all = await grafana.dashboards();
				const found = all.find((each) => isAboutNodes(each, titles));
				if (found) return found;
				const others = all.map(({ title }) => title).join(", ");
				throw new Error(`it has ${others || "none"}`);
			},
			() => true,
		);
		await eventually(
			"Prometheus has a rate of what nodes do",
			budgets.twoScrapes,
			() => prometheus.query("rate(node_cpu_seconds_total[5m])"),
			(series) => series.length > 0 || "there is none",
		);

		const address = `http://${nodes.medium}:${port}`;
		await browser.look(
			join(reportDir, pictureFile),
			budgets.page,
			async (page) => {
				await eventually(
					"a node's port leads to Grafana",
					budgets.page,
					() => page.goto(`${address}/login`).then(() => "", messageOf),
					(why) => why === "" || why,
				);
				await page.locator('input[name="user"]').fill(grafanaAdmin.user);
				await page
					.locator('input[name="password"]')
					.fill(grafanaAdmin.password);
				await page.locator('button[type="submit"]').click();
				await page.waitForURL(({ pathname }) => !pathname.startsWith("/login"));

				const queries = new PageQueries(page);
				await page.goto(`${address}/d/${dashboard.uid}?kiosk&from=now-15m`);
				await page.locator(graph).first().waitFor();
				// A panel may ask only once another's answer is there.
				let [sentBefore, quiet] = [0, 0];
				await eventually(
					"every query of the page has its answer, and no more come",
					budgets.page,
					async () => {
						const { sent, pending } = queries;
						quiet = sent === sentBefore && pending === 0 ? quiet + 1 : 0;
						sentBefore = sent;
						return { sent, pending };
					},
					({ sent, pending }) =>
						quiet >= quietLooks || `${pending} of ${sent} are open`,
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

function isAboutNodes(
	{ title }: { title: string },
	shipped: readonly string[],
): boolean {
	// The public chart has more that name a node: of another operating system, of one cluster's pods.
	return shipped.includes(title) && /\bnodes$/i.test(title);
}
