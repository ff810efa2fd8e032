import { describe, expect } from "vitest";
import { z } from "zod";
import { type Datasource, GrafanaClient } from "./clients/grafana.ts";
import { homelabTenant, LokiClient } from "./clients/loki.ts";
import { PrometheusClient } from "./clients/prometheus.ts";
import { budgets } from "./common/budgets.ts";
import { eventually, notYet } from "./common/eventually.ts";
import { makeSelector } from "./common/promql.ts";
import { tidyUp } from "./common/tidy-up.ts";
import { selectorOf } from "./logs/selector.ts";
import { test as base, makeUniqueName } from "./test.ts";

/** The claims' `test` with Grafana's datasources by their names. */
const test = base.extend(
	"datasource",
	{ scope: "file" },
	async ({ grafana }) => {
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

const stores = z.looseObject({
	data: z.record(z.string(), z.array(z.looseObject({ name: z.string() }))),
});

/** Writes a sample that nothing else can have written, and waits until it can be queried through Grafana. */
async function expectToReadBack(
	direct: PrometheusClient,
	throughGrafana: PrometheusClient,
	run: string,
): Promise<void> {
	const name = "o11y_e2e_datasource";
	const value = Date.now() % 1_000_000;
	const labels = { __name__: name, run };
	await direct.write([{ labels, samples: [{ timestamp: Date.now(), value }] }]);
	await eventually(
		`the sample of ${run} can be queried through Grafana`,
		budgets.request,
		async () => {
			const series = await throughGrafana.query(makeSelector(name, { run }));
			const values = series.map((each) => each.value.value);
			if (values.length !== 1 || values[0] !== value)
				return notYet(`it has ${JSON.stringify(values)}, not ${value}`);
		},
	);
}

describe("Grafana queries Prometheus, Thanos by default, and Loki as tenant homelab", {
	tags: ["needs-loki", "needs-thanos"],
}, () => {
	test.concurrent("Grafana has three datasources, and only Thanos is the default", async ({
		grafana,
	}) => {
		const found = await grafana.datasources();
		expect(
			found
				.map(({ name, type, isDefault }) => ({ name, type, isDefault }))
				.sort((a, b) => a.name.localeCompare(b.name)),
		).toEqual([
			{ name: "Loki", type: "loki", isDefault: false },
			{ name: "Prometheus", type: "prometheus", isDefault: false },
			{ name: "Thanos", type: "prometheus", isDefault: true },
		]);
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
		const [found, expected] = await Promise.all([
			throughGrafana.runtimeInfo(),
			prometheus.runtimeInfo(),
		]);
		expect(found.startTime).toBe(expected.startTime);
		await expectToReadBack(
			prometheus,
			throughGrafana,
			makeUniqueName(environment),
		);
	});

	test.concurrent("datasource Thanos answers with what Prometheus has", async ({
		grafana,
		datasource,
		prometheus,
		environment,
		annotate,
	}) => {
		const proxy = grafana.through(datasource("Thanos"));
		// Prometheus does not have this API. Thanos discovers its stores one after the other.
		const data = await eventually(
			"Thanos has found the sidecar",
			budgets.request,
			async () => {
				const answer = await proxy.get("/api/v1/stores");
				const found = answer.read(stores).data;
				return "sidecar" in found
					? found
					: notYet(`it has ${Object.keys(found).join(", ")}`);
			},
		);
		await annotate(
			`Thanos queries ${Object.entries(data)
				.map(([kind, each]) => `${each.length} ${kind}`)
				.join(", ")}`,
		);
		await expectToReadBack(
			prometheus,
			new PrometheusClient(proxy),
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
			line: `${run} of ${tenant}`,
			loki: LokiClient.inCluster(kube, tenant),
		}));
		for (const { loki, line } of tenants) {
			await loki.push({ run }, [line]);
			// Each tenant has its own line.
			await eventually(
				`Loki has the line ${line}`,
				budgets.request,
				async () => {
					const { lines } = await loki.query(selector);
					if (lines.join() !== line) return notYet(`it has ${lines.join()}`);
				},
			);
		}
		// Loki refuses requests without a tenant, so it is Grafana that names it.
		await expect(
			LokiClient.inCluster(kube).query(selector),
		).rejects.toMatchObject({ status: 401 });
		const throughGrafana = new LokiClient(grafana.through(datasource("Loki")));
		const { lines } = await throughGrafana.query(selector);
		expect(lines).toEqual([`${run} of ${homelabTenant}`]);
	});

	test.concurrent("Grafana refuses requests without valid credentials", async ({
		grafana,
		kube,
		environment,
		onTestFinished,
	}) => {
		const { namespace, grafanaAdmin } = environment;
		const anonymous = await GrafanaClient.inNamespace(kube, namespace);
		const refused = { status: 401 };
		await expect(anonymous.datasources()).rejects.toMatchObject(refused);
		await expect(anonymous.dashboards()).rejects.toMatchObject(refused);
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
		expect(await grafana.user()).toBe(grafanaAdmin.user);
	});
});
