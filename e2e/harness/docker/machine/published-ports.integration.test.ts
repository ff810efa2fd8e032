import { afterAll, expect, inject, test } from "vitest";
import { labels } from "../../../common/labels.ts";
import { Progress } from "../../../common/progress.ts";
import { openImageSource } from "../../images/choose-source.ts";
import { beginRun } from "../../run/run.ts";
import { removeRun } from "../../run/sweep.ts";
import { connectDocker } from "../connection.ts";
import { examinePublishedPorts } from "./published-ports.ts";

const docker = await connectDocker();
const run = await beginRun();
const progress = new Progress();
const source = await openImageSource(docker, inject("imageSource"), progress);
const images = await source.provideComponents(["busybox", "pause"], progress);
const probe = (name: string) => ({
	image: images.get(name)?.local ?? "",
	labels: run.labels,
});

afterAll(async () => {
	await removeRun(docker, run.id);
	await run.end();
});

test("the ports that this engine publishes are reached, and the container to look with is gone", async () => {
	const finding = await examinePublishedPorts(docker, probe("busybox"));
	expect(finding).toMatchObject({ verdict: "good" });
	const filters = { label: [`${labels.run}=${run.id}`] };
	expect(await docker.listContainers({ all: true, filters })).toEqual([]);
});

test("an image that cannot listen says nothing about the way to it", async () => {
	const finding = await examinePublishedPorts(docker, probe("pause"));
	expect(finding).toMatchObject({ verdict: "doubtful" });
});
