import { countBy } from "es-toolkit";
import { describe, expect } from "vitest";
import { z } from "zod";
import { readGrafanaSettings } from "./clients/grafana/settings.ts";
import type { GrafanaClient } from "./clients/grafana.ts";
import { kubeObject } from "./clients/kube-objects.ts";
import type { KubeClient } from "./clients/kubernetes.ts";
import { budgets } from "./common/budgets.ts";
import { eventually, notYet } from "./common/eventually.ts";
import { parseQuantity } from "./common/sizes.ts";
import { tidyUp } from "./common/tidy-up.ts";
import { claimsOfFolder } from "./dashboards/data-claims.ts";
import { listGrafanaPods, restartGrafana } from "./dashboards/grafana-pods.ts";
import { makeModel, readShipped } from "./dashboards/shipped.ts";
import type { ShippedDashboard } from "./dashboards/shipped-files.ts";
import { readSidecar } from "./dashboards/sidecar.ts";
import { explainSize, waitForMountedVolumes } from "./retention/volumes.ts";
import { makeUniqueName, test } from "./test.ts";

const volumeClaim = kubeObject.extend({
	spec: z.looseObject({
		resources: z.looseObject({
			requests: z.looseObject({ storage: z.string() }),
		}),
	}),
});

describe("a dashboard made by hand survives the loss of Grafana's pod", {
	tags: [
		"disrupts-grafana",
		"ignores-node-exporter",
		"ignores-prometheus",
		"ignores-secrets",
	],
}, () => {
	test("Grafana has a volume claim of 2 GB, and a file system of that size", async ({
		kube,
		grafana,
		environment: { namespace },
	}) => {
		const pods = await listGrafanaPods(kube, namespace);
		const settings = await readGrafanaSettings(grafana.api());
		const data = settings?.paths?.data ?? "/var/lib/grafana";
		const names = claimsOfFolder(pods, data);
		expect(
			names,
			`"Grafana has a 2 GB PVC": volume claims on which Grafana's pod mounts its data, ${data}`,
		).toHaveLength(1);
		const volumeClaims = await Promise.all(
			names.map((name) =>
				kube.get(
					{
						apiVersion: "v1",
						kind: "PersistentVolumeClaim",
						namespace,
						name,
					},
					volumeClaim,
				),
			),
		);
		const [size = ""] = volumeClaims.map(
			({ spec }) => spec.resources.requests.storage,
		);
		expect(
			parseQuantity(size),
			`"Grafana has a 2 GB PVC": bytes of a volume claim of ${size}`,
		).toBeGreaterThanOrEqual(2e9);
		for (const pod of pods) {
			const volumes = await waitForMountedVolumes(kube, pod);
			// A provisioner of folders, such as k3s' local-path, gives all of the disk.
			const sized = volumes.filter((each) => each.capacity <= each.provisioned);
			expect(sized.flatMap(explainSize)).toEqual([]);
		}
	});

	test("the dashboard is still there after Grafana's pod was killed, and so are the shipped ones", async ({
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
		const shipped = await listShown(kube, grafana, namespace);

		const killed = performance.now();
		client = await restartGrafana(kube, namespace, grafanaAdmin);
		await annotate(
			`after the kill it took ${((performance.now() - killed) / 1000).toFixed(1)} s until a login was possible`,
		);
		const { dashboard, meta } = await client.dashboard(uid);
		expect(dashboard).toMatchObject(made);
		expect(meta.provisioned, "the dashboard comes from a file").toBe(false);

		await eventually(
			"the shipped dashboards are there",
			budgets.dashboardReload,
			async () => {
				const found = await client.dashboards();
				const titles = new Set(found.map(({ title }) => title));
				const missing = shipped.filter(({ title }) => !titles.has(title));
				if (missing.length > 0)
					return notYet(
						`missing: ${missing.map(({ source }) => source).join(", ")}`,
					);
			},
		);
		await annotate(
			shipped.length > 0
				? `${shipped.length} shipped dashboards were there before the kill, and are there after it`
				: "that shipped dashboards survive was not judged: Grafana had none before the kill, and claim grafana-dashboards says whether it ought to",
		);
	});
});

/** The shipped dashboards that Grafana shows: which it ought to show is for claim grafana-dashboards to say. */
async function listShown(
	kube: KubeClient,
	grafana: GrafanaClient,
	namespace: string,
): Promise<readonly ShippedDashboard[]> {
	const sidecar = await readSidecar(kube, namespace, "dashboard");
	if (!sidecar) return [];
	const { dashboards } = await readShipped(kube, sidecar);
	const uids = countBy(dashboards, ({ uid, source }) => uid ?? source);
	const shown = await grafana.dashboards();
	return dashboards.filter(
		({ title, uid, source }) =>
			// Of two with one uid, any may be shown next time.
			uids[uid ?? source] === 1 && shown.some((each) => each.title === title),
	);
}
