import { describe, expect } from "vitest";
import { z } from "zod";
import { kubeObject } from "./clients/kube-objects.ts";
import { budgets } from "./common/budgets.ts";
import { eventually } from "./common/eventually.ts";
import { tidyUp } from "./common/tidy-up.ts";
import { listGrafanaPods, restartGrafana } from "./dashboards/grafana-pods.ts";
import { makeModel, readShippedDashboards } from "./dashboards/shipped.ts";
import { explainSize, waitForMountedVolumes } from "./retention/volumes.ts";
import { makeUniqueName, test } from "./test.ts";

const claim = kubeObject.extend({
	spec: z.looseObject({
		storageClassName: z.string(),
		resources: z.looseObject({
			requests: z.looseObject({ storage: z.string() }),
		}),
	}),
});

describe("a dashboard made by hand survives the loss of Grafana's pod", {
	tags: ["disruptive"],
}, () => {
	test("Grafana has a claim of 2Gi on Longhorn, and a file system of that size", async ({
		kube,
		environment: { namespace },
	}) => {
		const pods = await listGrafanaPods(kube, namespace);
		const names = pods.flatMap(({ spec }) =>
			spec.volumes.flatMap(
				({ persistentVolumeClaim: mounted }) => mounted?.claimName ?? [],
			),
		);
		const claims = await Promise.all(
			names.map((name) =>
				kube.get(
					{
						apiVersion: "v1",
						kind: "PersistentVolumeClaim",
						namespace,
						name,
					},
					claim,
				),
			),
		);
		expect(
			claims.map(({ spec }) => [
				spec.storageClassName,
				spec.resources.requests.storage,
			]),
		).toEqual([["longhorn", "2Gi"]]);
		for (const pod of pods)
			expect(
				(await waitForMountedVolumes(kube, pod)).flatMap(explainSize),
			).toEqual([]);
	});

	test("the dashboard is there after its pod was killed, and so are those that are shipped", async ({
		kube,
		grafana,
		environment,
		annotate,
		onTestFinished,
	}) => {
		const { namespace, grafanaAdmin } = environment;
		const uid = makeUniqueName(environment);
		const made = makeModel(uid, `${uid} made by hand`);
		await grafana.save(made);
		let client = grafana;
		onTestFinished(
			tidyUp(`deletion of dashboard ${uid}`, () => client.delete(uid)),
		);
		expect(await listGrafanaPods(kube, namespace)).toHaveLength(1);

		const killed = Date.now();
		client = await restartGrafana(kube, namespace, grafanaAdmin);
		await annotate(
			`killed, it took ${((Date.now() - killed) / 1000).toFixed(1)} s until somebody could log in`,
		);
		const { dashboard, meta } = await client.dashboard(uid);
		expect(dashboard).toMatchObject(made);
		expect(meta.provisioned, "it came from a file").toBe(false);

		const shipped = await readShippedDashboards(kube);
		await eventually(
			"the dashboards that are shipped are there",
			budgets.dashboardReload,
			() => client.dashboards(),
			(found) => {
				const titles = new Set(found.map(({ title }) => title));
				const missing = shipped.filter(({ title }) => !titles.has(title));
				return (
					missing.length === 0 ||
					`not there: ${missing.map(({ source }) => source).join(", ")}`
				);
			},
		);
	});
});
