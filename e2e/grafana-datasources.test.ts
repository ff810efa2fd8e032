import { describe, expect } from "vitest";
import { readGrafanaSettings } from "./clients/grafana/settings.ts";
import { type Datasource, GrafanaClient } from "./clients/grafana.ts";
import { homelabTenant, LokiClient } from "./clients/loki.ts";
import { PrometheusClient } from "./clients/prometheus.ts";
import { ThanosClient } from "./clients/thanos.ts";
import { budgets } from "./common/budgets.ts";
import { clusterNow } from "./common/clock/cluster-clock.ts";
import { eventually, notYet } from "./common/eventually.ts";
import { tidyUp } from "./common/tidy-up.ts";
import { whyNobodyLogsIn } from "./dashboards/closed-login.ts";
import { findWrongSettings } from "./dashboards/datasource-settings.ts";
import { findFreeAdmins } from "./dashboards/free-admins.ts";
import { findFreeEditors } from "./dashboards/free-editors.ts";
import { expectRoomForGraph, expectToDraw } from "./dashboards/panel-series.ts";
import {
	describeFurther,
	promisedDatasources,
} from "./dashboards/promised-datasources.ts";
import { waitForProvisioned } from "./dashboards/provisioned.ts";
import { waitForSameStores } from "./dashboards/thanos-stores.ts";
import {
	findUnprovisioned,
	readProvisioning,
} from "./dashboards/unprovisioned.ts";
import { selectorOf } from "./logs/selector.ts";
import { test as base, makeUniqueName } from "./test.ts";

/** The claims' `test` with Grafana's datasources by their names. */
const test = base.extend(
	"datasource",
	{ scope: "file" },
	async ({ grafana, kube, environment }) => {
		await waitForProvisioned(kube, grafana, environment.namespace);
		const all = await grafana.datasources();
		return (name: string): Datasource => {
			const found = all.find((each) => each.name === name);
			if (!found)
				throw new Error(
					`Grafana has no datasource ${name}, only ${all.map((each) => each.name).join(", ")}`,
				);
			return found;
		};
	},
);

/** The lines that a panel of logs has room for. */
const lineCount = 20;

describe("Grafana queries Prometheus, Thanos by default, and Loki as tenant homelab", {
	tags: ["needs-loki", "needs-thanos"],
}, () => {
	test.concurrent("Grafana loads its datasources without an error, and asks each of them itself", async ({
		grafana,
		kube,
		environment,
	}) => {
		await waitForProvisioned(kube, grafana, environment.namespace);
		const found = await grafana.datasources();
		expect(found).not.toEqual([]);
		const direct = found.filter(({ access }) => access !== "proxy");
		expect(
			direct.map(({ name, access }) => `${name} has access: ${access}`),
			"datasources that a person's browser is to ask, which cannot reach a Service of the cluster",
		).toEqual([]);
		expect(
			findWrongSettings(found),
			"settings that Grafana cannot follow",
		).toEqual([]);
	});

	test.concurrent("Grafana has three datasources, and only Thanos is the default", async ({
		grafana,
		kube,
		environment,
		annotate,
	}) => {
		await waitForProvisioned(kube, grafana, environment.namespace);
		const found = await grafana.datasources();
		const names = promisedDatasources.map(({ name }) => name);
		expect(
			found
				.filter(({ name }) => names.includes(name))
				.map(({ name, type, isDefault }) => ({ name, type, isDefault }))
				.sort((a, b) => a.name.localeCompare(b.name)),
		).toEqual(promisedDatasources);
		expect(
			findUnprovisioned(found, await readProvisioning(kube)),
			'"Three datasources configured"',
		).toEqual([]);
		const further = describeFurther(found);
		if (further) await annotate(further, "corrected");
	});

	test.concurrent("datasource Prometheus is Prometheus itself", async ({
		grafana,
		datasource,
		prometheus,
		environment,
	}) => {
		const throughGrafana = new PrometheusClient(
			grafana.through(datasource("Prometheus")),
		);
		// Another Prometheus, or something in front of it, would have started at another moment.
		const replicas = await prometheus.each();
		const started = await Promise.all(
			replicas.map(async (one) => (await one.runtimeInfo()).startTime),
		);
		const { startTime } = await throughGrafana.runtimeInfo();
		expect(
			started,
			`when ${replicas.map(({ name }) => name).join(" and ")} started: what datasource Prometheus leads to started at ${startTime}`,
		).toContain(startTime);
		await expectToDraw(
			prometheus,
			grafana,
			datasource("Prometheus"),
			makeUniqueName(environment),
		);
		await expectRoomForGraph(grafana, datasource("Prometheus"));
	});

	test.concurrent("datasource Thanos answers with what Prometheus has", async ({
		grafana,
		datasource,
		kube,
		prometheus,
		environment,
		annotate,
	}) => {
		const throughGrafana = new ThanosClient(
			grafana.through(datasource("Thanos")),
		);
		const thanos = ThanosClient.inNamespace(kube, environment.namespace);
		const data = await waitForSameStores(throughGrafana, thanos);
		await annotate(
			`Thanos queries ${Object.entries(data)
				.map(([kind, each]) => `${each.length} ${kind}`)
				.join(", ")}`,
		);
		await expectToDraw(
			prometheus,
			grafana,
			datasource("Thanos"),
			makeUniqueName(environment),
		);
	});

	test.concurrent("datasource Loki queries as tenant homelab, and as no other", async ({
		grafana,
		datasource,
		kube,
		environment,
	}) => {
		const run = makeUniqueName(environment);
		const selector = selectorOf({ run });
		const tenants = [homelabTenant, "another-tenant"].map((tenant) => ({
			lines: Array.from({ length: lineCount }, (_, i) => `${i} of ${tenant}`),
			loki: LokiClient.inCluster(kube, tenant),
		}));
		for (const { loki, lines } of tenants) {
			await loki.push({ run }, lines);
			// Each tenant has its own lines.
			await eventually(
				`Loki has ${lineCount} lines of ${run}`,
				budgets.request,
				async () => {
					const found = await loki.query(selector);
					if (found.lines.join() !== lines.join())
						return notYet(`it has ${found.lines.join() || "none"}`);
				},
			);
		}
		// Loki refuses requests without a tenant, so it is Grafana that names it.
		await expect(
			LokiClient.inCluster(kube).query(selector),
		).rejects.toMatchObject({ status: 401 });
		const throughGrafana = new LokiClient(grafana.through(datasource("Loki")));
		const { lines, labels } = await throughGrafana.query(selector);
		expect(lines).toEqual(tenants[0]?.lines);
		expect(
			labels,
			"labels of the lines: Loki adds __tenant_id__ where several tenants are asked for at once",
		).not.toContain("__tenant_id__");
		const { type, uid, jsonData } = datasource("Loki");
		const now = clusterNow();
		const results = await grafana.query({
			from: String(now - 3_600_000),
			to: String(now),
			queries: [
				{
					refId: "A",
					expr: selector,
					queryType: "range",
					// What Grafana's pages take from the datasource.
					maxLines: Number(jsonData.maxLines) || 1000,
					datasource: { type, uid },
				},
			],
		});
		const { error, rows } = results.get("A") ?? {};
		expect(error, "Grafana's error").toBeUndefined();
		expect(
			rows,
			`lines that a panel gets; the datasource's settings are ${JSON.stringify(jsonData)}`,
		).toBe(lineCount);
	});

	test.concurrent("nobody is admin without the credentials", async ({
		grafana,
		kube,
		environment,
		onTestFinished,
	}) => {
		const { namespace, grafanaAdmin } = environment;
		const anonymous = await GrafanaClient.inNamespace(kube, namespace);
		const refused = { status: 401 };
		// A visitor may look, if the homelab wants that: 403 is for one, 401 where there are none.
		const visitor = await anonymous.users().catch((error: unknown) => error);
		expect(
			visitor,
			`"Admin credentials come from Doppler": what somebody without credentials gets who asks for the users, which is for admins only (auth.anonymous)`,
		).toMatchObject({ status: expect.toBeOneOf([401, 403]) });
		// Not the admin with a wrong password: after five within five minutes Grafana also refuses the right one.
		const known = { user: makeUniqueName(environment), password: "right" };
		onTestFinished(
			tidyUp(`removal of user ${known.user}`, await grafana.addUser(known)),
		);
		expect(await (await anonymous.logIn(known)).user()).toBe(known.user);
		for (const wrong of [
			{ ...known, password: "wrong" },
			{ ...grafanaAdmin, user: makeUniqueName(environment) },
			// The chart's default.
			{ user: "admin", password: "prom-operator" },
		])
			await expect(anonymous.logIn(wrong)).rejects.toMatchObject(refused);
		const { user } = known;
		const settings = await readGrafanaSettings(grafana.api());
		expect(whyNobodyLogsIn(environment.asWritten, settings)).toBeUndefined();
		const doors = { kube, namespace, settings, anonymous, user };
		expect(
			[
				...(await findFreeEditors({ grafana, anonymous }, user, settings)),
				...(await findFreeAdmins(doors)),
			],
			"how somebody is admin, or changes dashboards, without the credentials",
		).toEqual([]);
		expect(await grafana.user()).toBe(grafanaAdmin.user);
	});
});
