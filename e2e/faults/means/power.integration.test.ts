import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { Progress } from "../../common/progress.ts";
import { Nodes } from "../../harness/cluster/nodes.ts";
import { mountVolumes } from "../../harness/cluster/volumes.ts";
import { connectDocker } from "../../harness/docker/connection.ts";
import { openImageSource } from "../../harness/images/choose-source.ts";
import { beginRun, makeRunLabels } from "../../harness/run/run.ts";
import { removeRun } from "../../harness/run/sweep.ts";
import { makePowerLoss } from "./power.ts";
import { nodeRoot, runOnNode, waitForUnmount } from "./volume-tools.ts";

const docker = await connectDocker();
const run = await beginRun();
const name = `o11y-e2e-test-power-${run.id}`;
const volume = `/var/lib/rancher/k3s/storage/pvc-${randomBytes(6).toString("hex")}`;
const data = { node: "large", folder: `${volume}/mounted/data` };
const nodeNames = { server: name, small: name, medium: name, large: name };
const environment = {
	runId: run.id,
	nodes: { ...nodeNames, large: `${name}-large` },
	images: { prometheus: "", alertmanager: "", node: "", debian: "" },
};
let nodes: Nodes;

/** Two nodes without a cluster: nothing runs on them. */
beforeAll(async () => {
	const source = await openImageSource(
		docker,
		inject("imageSource"),
		new Progress(),
	);
	const images = await source.provideComponents(
		["k3s", "debian"],
		new Progress(),
	);
	environment.images.debian = images.get("debian")?.local ?? "";
	for (const node of [name, environment.nodes.large]) {
		const container = await docker.createContainer({
			name: node,
			Image: images.get("k3s")?.local ?? "",
			Entrypoint: ["sh", "-c", "while :; do sleep 1; done"],
			Cmd: [],
			Volumes: { "/var/lib/rancher/k3s": {} },
			Labels: { ...makeRunLabels(run.id) },
			HostConfig: { Privileged: true, NetworkMode: "none" },
		});
		await container.start();
	}
	nodes = await Nodes.connect(environment);
	await nodes.script(
		"large",
		`mkdir -p "$1/mounted" && truncate -s 64M "$1/volume.img"`,
		volume,
	);
	await runOnNode(environment, "large", "mke2fs", [
		...["-q", "-t", "ext4", "-F"],
		`${nodeRoot}${volume}/volume.img`,
	]);
	await mountVolumes(nodes, "large");
	await nodes.exec("large", ["mkdir", data.folder]);
});

afterAll(async () => {
	await removeRun(docker, run.id);
	await run.end();
});

test.each(["at once", "while a block is cut"] as const)(
	"a loss of power, %s, takes what was not synced, and nothing else",
	async (moment) => {
		await nodes.script(
			"large",
			`set -e
			cd "$1"
			echo old > synced
			mkdir -p 01.tmp-for-creation
			sync
			echo new > unsynced
			echo new >> synced`,
			data.folder,
		);
		await using power = await makePowerLoss(
			nodes,
			environment,
			data,
			moment,
		).begin();
		await expect(nodes.exec("large", ["true"])).rejects.toThrow("not running");
		await power.end();
		const found = await nodes.script(
			"large",
			`cd "$1" && cat synced && cat unsynced 2>/dev/null; ls "$1/.." | grep unsynced; true`,
			data.folder,
		);
		expect(found).toBe("old\n");
	},
);

test("no loop device has the volume after its node is removed", async () => {
	await docker
		.getContainer(environment.nodes.large)
		.remove({ force: true, v: true });
	await waitForUnmount(nodes, "large", volume);
});
