import { join } from "node:path";
import { describe, expect } from "vitest";
import { GrafanaClient } from "./clients/grafana.ts";
import { openGrafanaPort } from "./dashboards/grafana-port.ts";
import { watchQueries } from "./dashboards/page-queries.ts";
import { readShippedDashboards } from "./dashboards/shipped.ts";
import { startBrowser } from "./harness/browser.ts";
import { budgets } from "./harness/budgets.ts";
import { pictureFile } from "./harness/report.ts";
import { makeUniqueName, test } from "./test.ts";
import { tidyUp } from "./tidy-up.ts";

/** The kind of panel that every dashboard about nodes has. */
const graph = ".uplot canvas";

describe("a person with a browser logs in to Grafana and sees a dashboard", () => {
	test("the login page lets the admin in, and a shipped dashboard draws its graphs", {
		timeout: 4 * budgets.page,
	}, async ({ kube, environment, annotate, onTestFinished }) => {
		const { namespace, grafanaAdmin, nodes, reportDir } = environment;
		const { name } = await GrafanaClient.findService(kube, namespace);
		const [port, { browser, stop }, shipped] = await Promise.all([
			openGrafanaPort(kube, namespace, name, makeUniqueName(environment)),
			startBrowser(environment),
			readShippedDashboards(kube),
		]);
		onTestFinished(tidyUp("closing Grafana's port", () => port.close()));
		onTestFinished(tidyUp("end of the browser", stop));
		const address = `http://${nodes.medium}:${port.nodePort}`;
		const page = await browser.newPage({
			viewport: { width: 1280, height: 900 },
		});
		page.setDefaultTimeout(budgets.page);

		await page.goto(`${address}/login`);
		await page.locator('input[name="user"]').fill(grafanaAdmin.user);
		await page.locator('input[name="password"]').fill(grafanaAdmin.password);
		await page.locator('button[type="submit"]').click();
		await page.waitForURL(({ pathname }) => !pathname.startsWith("/login"));

		const dashboard = shipped.find(({ title }) => /\bnodes?\b/i.test(title));
		expect(dashboard, "a dashboard about nodes").toBeDefined();
		const queries = watchQueries(page);
		await page.goto(`${address}/d/${dashboard?.uid}?kiosk&from=now-15m`);
		await page.locator(graph).first().waitFor();
		await page.waitForLoadState("networkidle");
		await page.screenshot({ path: join(reportDir, pictureFile) });
		const { answered, empty, failed } = await queries();
		const drawn = await page.locator(graph).count();
		await annotate(
			`"${dashboard?.title}": ${drawn} graphs drawn, ${answered} queries answered, ${empty} without a sample; ${pictureFile}`,
		);
		expect(failed, "queries that failed").toEqual([]);
		expect(answered, "queries that were answered").toBeGreaterThan(0);
	});
});
