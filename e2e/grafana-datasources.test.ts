import { describe, expect } from "vitest";
import { z } from "zod";
import { type Datasource, GrafanaClient } from "./clients/grafana.ts";
import { homelabTenant, LokiClient } from "./clients/loki.ts";
import { PrometheusClient } from "./clients/prometheus.ts";
import { budgets } from "./common/budgets.ts";
import { eventually } from "./common/eventually.ts";
import { makeSelector } from "./common/promql.ts";
import { tidyUp } from "./common/tidy-up.ts";
import { test as base, makeUniqueName } from "./test.ts";

/** The datasources by their names. */
const test = base.extend(
	"datasource",
	{ scope: "file" },
	async ({ grafana }) => {
		const all = await grafana.datasources();
		return (name: string): Datasource => {
			const found = all.find((each) => each.name === name);
			if (!found)
				throw new Error(
					`Grafana has no datasource ${name}, but ${all.map((each) => each.name).join(", ")}`,
				);
			return found;
		};
	},
);

const stores = z.looseObject({
	data: z.record(z.string(), z.array(z.looseObject({ name: z.string() }))),
});

/** Writes a sample that nothing else can have written, and waits until it is answered. */
async function expectToReadBack(
	written: PrometheusClient,
	asked: PrometheusClient,
	run: string,
): Promise<void> {
	const name = "o11y_e2e_datasource";
	const value = Date.now() % 1_000_000;
	const labels = { __name__: name, run };
	await written.write([
		{ labels, samples: [{ timestamp: Date.now(), value }] },
	]);
	await eventually(
		`the sample of ${run} is answered through Grafana`,
		budgets.request,
		() => asked.query(makeSelector(name, { run })),
		(found) =>
			(found.length === 1 && found[0]?.value.value === value) ||
			`it has ${JSON.stringify(found.map((each) => each.value.value))}, not ${value}`,
	);
}

describe("Grafana asks Prometheus, Thanos by default, and Loki as tenant homelab", {
	tags: ["needs-loki", "needs-thanos"],
}, () => {
	test.concurrent("there are these three datasources, and Thanos alone is the default", async ({
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

	test.concurrent("Prometheus is asked itself", async ({
		grafana,
		datasource,
		prometheus,
		environment,
	}) => {
		const asked = new PrometheusClient(
			grafana.through(datasource("Prometheus")),
		);
		// Another Prometheus, or one that stands before it, has not started at the same moment.
		const [through, direct] = await Promise.all([
			asked.runtimeInfo(),
			prometheus.runtimeInfo(),
		]);
		expect(through.startTime).toBe(direct.startTime);
		await expectToReadBack(prometheus, asked, makeUniqueName(environment));
	});

	test.concurrent("Thanos answers what Prometheus has", async ({
		grafana,
		datasource,
		prometheus,
		environment,
		annotate,
	}) => {
		const proxy = grafana.through(datasource("Thanos"));
		// Prometheus has no such thing, and Thanos finds its stores by and by.
		const data = await eventually(
			"Thanos has found the sidecar",
			budgets.request,
			async () => {
				const answer = await proxy.get("/api/v1/stores");
				return stores.parse(answer.json()).data;
			},
			(found) =>
				"sidecar" in found || `it has ${Object.keys(found).join(", ")}`,
		);
		await annotate(
			`Thanos asks ${Object.entries(data)
				.map(([kind, each]) => `${each.length} ${kind}`)
				.join(", ")}`,
		);
		const asked = new PrometheusClient(proxy);
		await expectToReadBack(prometheus, asked, makeUniqueName(environment));
	});

	test.concurrent("Loki is asked as homelab, and as nobody else", async ({
		grafana,
		datasource,
		kube,
		environment,
	}) => {
		const run = makeUniqueName(environment);
		const selector = `{run="${run}"}`;
		const tenants = [homelabTenant, "another-tenant"].map((tenant) => ({
			line: `${run} of ${tenant}`,
			loki: LokiClient.inCluster(kube, tenant),
		}));
		for (const { loki, line } of tenants) {
			await loki.push({ run }, [line]);
			// Each tenant has a line of its own there.
			await eventually(
				`Loki has the line ${line}`,
				budgets.request,
				() => loki.query(selector),
				({ lines }) => lines.join() === line || `it has ${lines.join()}`,
			);
		}
		// Who names no tenant is refused, so that it was Grafana who named one.
		await expect(
			LokiClient.inCluster(kube).query(selector),
		).rejects.toMatchObject({ status: 401 });
		const asked = new LokiClient(grafana.through(datasource("Loki")));
		const { lines } = await asked.query(selector);
		expect(lines).toEqual([`${run} of ${homelabTenant}`]);
	});

	test.concurrent("whoever has not a user's credentials is refused", async ({
		grafana,
		kube,
		environment,
		onTestFinished,
	}) => {
		const { namespace, grafanaAdmin } = environment;
		const nobody = await GrafanaClient.inNamespace(kube, namespace);
		const refused = { status: 401 };
		await expect(nobody.datasources()).rejects.toMatchObject(refused);
		await expect(nobody.dashboards()).rejects.toMatchObject(refused);
		// Not the admin with a wrong password: five of those within five minutes, and Grafana refuses the right one, too.
		const known = { user: makeUniqueName(environment), password: "right" };
		onTestFinished(
			tidyUp(`removal of user ${known.user}`, await grafana.addUser(known)),
		);
		expect(await (await nobody.logIn(known)).user()).toBe(known.user);
		for (const wrong of [
			{ ...known, password: "wrong" },
			{ ...grafanaAdmin, user: makeUniqueName(environment) },
			// The chart's own.
			{ user: "admin", password: "prom-operator" },
		])
			await expect(nobody.logIn(wrong)).rejects.toMatchObject(refused);
		expect(await grafana.user()).toBe(grafanaAdmin.user);
	});
});
