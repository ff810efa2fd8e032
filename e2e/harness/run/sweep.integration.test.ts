import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { labels } from "../../common/labels.ts";
import { Progress } from "../../common/progress.ts";
import { connectDocker, findEngineId } from "../docker/connection.ts";
import { openImageSource } from "../images/choose-source.ts";
import { forgetKept, keep, useKept } from "./kept.ts";
import { beginRun, owner, tempDirOf } from "./run.ts";
import { removeRun, sweep } from "./sweep.ts";

const docker = await connectDocker();
let image = "";
const used: string[] = [];

beforeAll(async () => {
	const progress = new Progress();
	const source = await openImageSource(docker, inject("imageSource"), progress);
	const images = await source.provideComponents(["pause"], progress);
	image = images.get("pause")?.local ?? "";
});

afterAll(async () => {
	for (const id of used) {
		await removeRun(docker, id);
		await forgetKept(id);
	}
});

/** Creates what a run would leave behind: a network, a volume, and a container with an anonymous volume. */
async function plant(id: string, whose = owner): Promise<void> {
	used.push(id);
	const Labels = { [labels.run]: id, [labels.owner]: whose };
	await docker.createNetwork({ Name: `o11y-e2e-test-${id}`, Labels });
	await docker.createVolume({ Name: `o11y-e2e-test-${id}`, Labels });
	const container = await docker.createContainer({
		Image: image,
		Labels,
		Volumes: { "/data": {} },
		HostConfig: { NetworkMode: `o11y-e2e-test-${id}` },
	});
	await container.start();
}

async function countOf(id: string): Promise<number> {
	const filters = { label: [`${labels.run}=${id}`] };
	const containers = await docker.listContainers({ all: true, filters });
	const networks = await docker.listNetworks({ filters });
	const { Volumes: volumes } = await docker.listVolumes({ filters });
	return containers.length + networks.length + volumes.length;
}

const newId = () => `test${randomBytes(4).toString("hex")}`;

test("what a dead run has left is removed, its temporary files too", async () => {
	const id = newId();
	await plant(id);
	await mkdir(tempDirOf(id), { recursive: true });
	expect(await countOf(id)).toBe(3);
	expect((await sweep(docker, { keptToo: false })).removed).toContain(id);
	expect(await countOf(id)).toBe(0);
	expect(existsSync(tempDirOf(id))).toBe(false);
});

test("a run that is alive is not removed, not even by down", async () => {
	const run = await beginRun();
	await plant(run.id);
	await sweep(docker, { keptToo: true });
	expect(await countOf(run.id)).toBe(3);
	expect(existsSync(run.tempDir)).toBe(true);
	await run.end();
	await sweep(docker, { keptToo: false });
	expect(await countOf(run.id)).toBe(0);
});

test("another owner's run is not removed, dead or not", async () => {
	const id = newId();
	await plant(id, "another-machine/another-user");
	const { others } = await sweep(docker, { keptToo: true });
	expect(others).toContain(id);
	expect(await countOf(id)).toBe(3);
});

test("a kept cluster in use stays, even if all kept clusters are removed", async () => {
	const id = newId();
	await plant(id);
	const run = { id, labels: { [labels.run]: id, [labels.owner]: owner } };
	await keep(docker, run, {
		runId: id,
		engine: await findEngineId(),
		inputs: "of a test",
		imageSource: "build",
		standIns: [],
		warnings: [],
		rendered: [],
		environment: {
			runId: id,
			clusterId: id,
			kubeconfig: "",
			namespace: "",
			nodes: { server: "", small: "", medium: "", large: "" },
			objectStore: {
				host: "",
				port: 0,
				bucket: "",
				accessKey: "",
				secretKey: "",
			},
			images: { prometheus: "", alertmanager: "", node: "", debian: "" },
			chart: { name: "", version: "", source: "" },
			asWritten: { blockSize: "", compactsLocally: false, startUpSeconds: 0 },
			firstExternalLabels: {},
			clockAhead: 0,
			reportDir: "",
			secrets: [],
			slackWebhookUrl: "",
			rotatedSlackWebhookUrl: "",
			slackBotToken: "",
			rotatedSlackBotToken: "",
			grafanaAdmin: { user: "", password: "" },
			canary: "",
			addons: [],
		},
	});
	await sweep(docker, { keptToo: false });
	expect(await countOf(id)).toBe(4);
	const user = await beginRun();
	const release = await useKept(id, user.id);
	expect(release).toBeDefined();
	expect(await useKept(id, "another")).toBeUndefined();
	await sweep(docker, { keptToo: true });
	expect(await countOf(id)).toBe(4);
	await release?.();
	await user.end();
	expect((await sweep(docker, { keptToo: true })).removed).toContain(id);
	expect(await countOf(id)).toBe(0);
});
