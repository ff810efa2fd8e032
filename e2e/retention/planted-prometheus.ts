import { kubeObject } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { waitForPods } from "../clients/rollout.ts";
import { budgets } from "../common/budgets.ts";
import type { Environment } from "../common/environment.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { labels } from "../common/labels.ts";
import { tidyUp } from "../common/tidy-up.ts";
import { smallNamespace } from "../harness/chart/computed/watched-namespace.ts";
import {
	makeSmallPrometheus,
	readCommon,
	type Sizes,
	smallPod,
} from "./small-prometheus.ts";

/** Plants a small Prometheus, waits until it is Ready, and removes it with its namespace after the test. */
export async function plantSmallPrometheus(
	kube: KubeClient,
	{ namespace, runId }: Environment,
	sizes: Sizes,
	onCleanup: (cleanUp: () => Promise<void>) => void,
) {
	await eventually(
		`namespace ${smallNamespace} is there`,
		budgets.podRestart,
		async () => {
			await kube.createNamespace(smallNamespace, { [labels.run]: runId });
			const { metadata } = await kube.get(
				{ apiVersion: "v1", kind: "Namespace", name: smallNamespace },
				kubeObject,
			);
			// An earlier test's.
			if (metadata.deletionTimestamp) return notYet("it is being deleted");
		},
	);
	onCleanup(
		tidyUp(`deletion of namespace ${smallNamespace}`, () =>
			kube.deleteNamespace(smallNamespace),
		),
	);
	const manifest = makeSmallPrometheus(
		await readCommon(kube, namespace),
		smallNamespace,
		sizes,
	);
	await kube.apply([manifest]);
	await waitForPods(kube, smallNamespace, [smallPod]);
	return { namespace: smallNamespace, manifest };
}
