import { describe, expect } from "vitest";
import { z } from "zod";
import { GrafanaClient } from "./clients/grafana.ts";
import { kubeObject, type Pod } from "./clients/kube-objects.ts";
import { type KubeClient, KubeError } from "./clients/kubernetes.ts";
import { explainPods } from "./clients/rollout.ts";
import { listPodsOfService } from "./clients/service-pods.ts";
import { makeModel, readShippedDashboards } from "./dashboards/shipped.ts";
import { budgets } from "./harness/budgets.ts";
import { eventually, HopelessError } from "./harness/eventually.ts";
import { explainSize, waitForMountedVolumes } from "./retention/volumes.ts";
import { makeUniqueName, test } from "./test.ts";
import { tidyUp } from "./tidy-up.ts";

const claim = kubeObject.extend({
	spec: z.looseObject({
		storageClassName: z.string(),
		resources: z.looseObject({
			requests: z.looseObject({ storage: z.string() }),
		}),
	}),
});

/** The pods of Grafana that are not on their way out. */
async function listGrafanaPods(
	kube: KubeClient,
	namespace: string,
): Promise<Pod[]> {
	const service = await GrafanaClient.findService(kube, namespace);
	const pods = await listPodsOfService(kube, namespace, service.name);
	return pods.filter(({ metadata }) => !metadata.deletionTimestamp);
}

describe("a dashboard made by hand survives the loss of Grafana's pod", () => {
	test("Grafana has a claim of 2Gi on Longhorn, and a file system of that size", {
		timeout: budgets.scrapeInterval + 3 * budgets.request,
	}, async ({ kube, environment: { namespace } }) => {
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

	test("the dashboard is there after its pod was killed, and so are those that are shipped", {
		timeout: budgets.podRestart + budgets.dashboardReload + 6 * budgets.request,
	}, async ({ kube, grafana, environment, annotate, onTestFinished }) => {
		const { namespace, grafanaAdmin } = environment;
		const uid = makeUniqueName(environment);
		const made = makeModel(uid, `${uid} made by hand`);
		await grafana.save(made);
		let client = grafana;
		onTestFinished(
			tidyUp(`deletion of dashboard ${uid}`, () => client.delete(uid)),
		);
		const [before, ...others] = await listGrafanaPods(kube, namespace);
		expect(others, "further pods of Grafana").toEqual([]);

		await kube.delete(
			[{ apiVersion: "v1", kind: "Pod", namespace, name: nameOf(before) }],
			{ gracePeriodSeconds: 0 },
		);
		const killed = Date.now();
		await eventually(
			"another pod of Grafana is ready",
			budgets.podRestart,
			async () => {
				const pods = await listGrafanaPods(kube, namespace);
				const fresh = pods.filter(
					({ metadata }) => metadata.uid !== before?.metadata.uid,
				);
				return fresh.length === 0
					? ["there is none yet"]
					: explainPods(kube, namespace, fresh);
			},
			(reasons) => reasons.length === 0 || reasons.join("; "),
		);
		const nobody = await GrafanaClient.inNamespace(kube, namespace);
		// The API server's proxy hears that a pod is ready a moment after its kubelet has said so.
		client = await eventually(
			"somebody can log in",
			budgets.request,
			() => nobody.logIn(grafanaAdmin).catch(giveUpIfRefused),
			() => true,
		);
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

/** Who asks with a wrong password time and again is locked out. */
function giveUpIfRefused(error: unknown): never {
	if (error instanceof KubeError && error.status === 401)
		throw new HopelessError(error.message, { cause: error });
	throw error;
}

function nameOf(pod: Pod | undefined): string {
	return pod?.metadata.name ?? "";
}
