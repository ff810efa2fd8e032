import { Wait } from "testcontainers";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { budgets } from "../../common/budgets.ts";
import { EnvironmentError } from "../../common/errors.ts";
import { eventually, notYet } from "../../common/eventually.ts";
import { Progress } from "../../common/progress.ts";
import { findCarelessContainers } from "../docker/careless-containers.ts";
import { connectDocker } from "../docker/connection.ts";
import { runOneShot, ToolError } from "../docker/one-shot.ts";
import { openImageSource } from "../images/choose-source.ts";
import { startRegistry } from "../images/registry.ts";
import { beginRun, createNetwork, nameInRun } from "../run/run.ts";
import { removeRun } from "../run/sweep.ts";
import { AgentContainer, ServerContainer } from "./node-container.ts";
import { startObjectStore } from "./object-store.ts";

const docker = await connectDocker();
const run = await beginRun();
const images: Record<string, string> = {};

beforeAll(async () => {
	const progress = new Progress();
	const source = await openImageSource(docker, inject("imageSource"), progress);
	const names = ["registry", "minio", "k3s"];
	const found = await source.provideComponents(names, progress);
	for (const [name, { local }] of found) images[name] = local;
});

/** In the place of k3s, whose kubeconfig is read from the server. */
const playNode =
	"mkdir -p /etc/rancher/k3s && echo > /etc/rancher/k3s/k3s.yaml && echo ready && exec sleep 600";

afterAll(async () => {
	await removeRun(docker, run.id);
	await run.end();
});

test("no container of a run publishes a port to other machines, or logs without bounds", async () => {
	const network = await createNetwork({ docker }, run);
	await Promise.all([
		startRegistry(docker, run, images.registry ?? "", network),
		startObjectStore(run, images.minio ?? "", network),
		...[ServerContainer, AgentContainer].map((Container) =>
			new Container(images.k3s ?? "", run.labels)
				.withNetworkMode(network)
				.withEntrypoint(["sh", "-c", playNode])
				.withWaitStrategy(Wait.forLogMessage("ready"))
				.start(),
		),
	]);
	const shot = runOneShot(docker, {
		image: images.k3s ?? "",
		tool: "sleep",
		args: ["600"],
		labels: run.labels,
	}).catch((error: unknown) => error);
	const { faults } = await eventually(
		"five containers of the run are there",
		budgets.containerStart,
		async () => {
			const seen = await findCarelessContainers(docker, run.id);
			return seen.count === 5 ? seen : notYet(`there are ${seen.count}`);
		},
	);
	expect(faults).toEqual([]);
	await removeRun(docker, run.id);
	const end = await shot;
	expect(end instanceof ToolError || end instanceof EnvironmentError).toBe(
		true,
	);
});

test("one that does is found", async () => {
	await docker.createContainer({
		Image: images.k3s ?? "",
		name: nameInRun(run.id, "careless"),
		Cmd: ["true"],
		Labels: { ...run.labels },
		HostConfig: { PortBindings: { "80/tcp": [{ HostPort: "" }] } },
	});
	const { faults } = await findCarelessContainers(docker, run.id);
	expect(faults).toEqual([
		`/${nameInRun(run.id, "careless")} publishes 80/tcp to other machines`,
		`/${nameInRun(run.id, "careless")} has a log without bounds`,
	]);
});
