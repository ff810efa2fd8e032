import type { Progress } from "../common/progress.ts";
import { startCluster } from "../harness/cluster/cluster.ts";
import { prepareMachine } from "../harness/cluster/machine.ts";
import { waitForNodes } from "../harness/cluster/nodes-ready.ts";
import type { Tier } from "../harness/cluster/tiers.ts";
import type { ArchiveIndex } from "../harness/images/archive-source.ts";
import { createNetwork } from "../harness/run/run.ts";
import { withRun } from "../harness/run/with-run.ts";
import { imageOf, kubeVersionOf } from "../harness/set-up/cluster-images.ts";

/** Seconds from the first container until every node is Ready. */
export function measureNodes(
	{ components }: ArchiveIndex,
	tiers: Tier[],
	progress: Progress,
): Promise<number> {
	return withRun(progress, async ({ engine, run }) => {
		const network = await createNetwork(engine, run);
		const began = performance.now();
		await progress.phase(`${1 + tiers.length} node(s) Ready`, async () => {
			const k3s = imageOf(new Map(Object.entries(components)), "k3s");
			const image = k3s.local;
			const say = (line: string) => progress.say(line);
			const cluster = await startCluster(engine, run, {
				image,
				kubeVersion: kubeVersionOf(k3s),
				snapshotter: undefined,
				machine: await prepareMachine(engine, run, image, say),
				pauseImage: components.pause?.reference ?? "",
				network,
				registryMirror: "nowhere.invalid",
				tiers,
			});
			await waitForNodes(engine.docker, cluster);
		});
		return (performance.now() - began) / 1000;
	});
}
