import { buffer } from "node:stream/consumers";
import type Dockerode from "dockerode";
import { z } from "zod";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { type Workload, waitForRollout } from "../../clients/rollout.ts";
import { SetUpError } from "../../common/errors.ts";
import { unpackTar } from "../../common/tar.ts";
import type { ProvidedImage } from "../images/source.ts";
import type { Run } from "../run/run.ts";

const workloads = ["Deployment", "StatefulSet", "DaemonSet"] as const;

/** Waits until everything that the chart installed, and what the operator makes of it, is rolled out. */
export async function waitForStack(
	kube: KubeClient,
	namespace: string,
): Promise<void> {
	const named = z.looseObject({
		metadata: z.looseObject({ name: z.string() }),
	});
	const installed = await Promise.all(
		workloads.map(async (kind) => {
			const found = await kube.list(
				{ apiVersion: "apps/v1", kind, namespace },
				named,
			);
			return found.map(
				({ metadata }): Workload => ({ kind, namespace, name: metadata.name }),
			);
		}),
	);
	const operated = await Promise.all(
		(["Prometheus", "Alertmanager"] as const).map(async (kind) => {
			const found = await kube.list(
				{ apiVersion: "monitoring.coreos.com/v1", kind, namespace },
				named,
			);
			return found.map(
				({ metadata }): Workload => ({
					kind: "StatefulSet",
					namespace,
					name: `${kind.toLowerCase()}-${metadata.name}`,
				}),
			);
		}),
	);
	const all = new Map(
		[...installed.flat(), ...operated.flat()].map((each) => [
			each.kind + each.name,
			each,
		]),
	);
	await Promise.all(
		[...all.values()].map((each) => waitForRollout(kube, each)),
	);
}

/**
 * The CRDs for a chart that brings none: the operator's own, out of the image that was built of the same module.
 *
 * @returns YAML
 */
export async function operatorCrds(
	docker: Dockerode,
	run: Run,
	images: readonly ProvidedImage[],
): Promise<string> {
	const operator = images.find(({ reference }) =>
		/\/prometheus-operator:/.test(reference),
	);
	if (!operator)
		throw new SetUpError("the chart brings no CRDs and no operator");
	const container = await docker.createContainer({
		Image: operator.local,
		Labels: { ...run.labels },
	});
	try {
		const archive = await container.getArchive({ path: "/crds" });
		const files = await unpackTar(await buffer(archive));
		return Object.values(files).join("\n---\n");
	} catch (error) {
		throw new SetUpError(
			`the chart brings no CRDs, and the image ${operator.local} carries none at /crds`,
			{ cause: error },
		);
	} finally {
		await container.remove({ force: true, v: true });
	}
}
