import { afterAll, expect, inject, test } from "vitest";
import { Progress } from "../../common/progress.ts";
import { connectDocker } from "../docker/connection.ts";
import { findEngineHost } from "../docker/run-container.ts";
import { beginRun, createNetwork } from "../run/run.ts";
import { removeRun } from "../run/sweep.ts";
import { openImageSource } from "./choose-source.ts";
import { pushImage, startRegistry, startWriter } from "./registry.ts";

const docker = await connectDocker();
const run = await beginRun();
const progress = new Progress();
const source = await openImageSource(docker, inject("imageSource"), progress);
const names = ["registry", "busybox"];
const images = await source.provideComponents(names, progress);
const localOf = (name: string) => images.get(name)?.local ?? "";

afterAll(async () => {
	await removeRun(docker, run.id);
	await run.end();
});

/** @param to a path below /v2/ */
async function write(port: number, method: string, to: string) {
	const url = `http://${await findEngineHost()}:${port}/v2/o11y-e2e-test/${to}`;
	return (await fetch(url, { method })).status;
}

test("the registry that takes images takes them with its login alone", async () => {
	const { writer, login } = await startWriter(run, localOf("registry"));
	const port = writer.getMappedPort(5000);
	expect(await write(port, "POST", "busybox/blobs/uploads/")).toBe(401);
	const serveraddress = `localhost:${port}`;
	const repo = `${serveraddress}/o11y-e2e-test/busybox`;
	const push = (password: string) =>
		pushImage(docker, localOf("busybox"), repo, "1", {
			username: login.username,
			password,
			serveraddress,
		});
	await expect(push("another")).rejects.toThrow("could not be pushed");
	await push(login.password);
});

test("the one that nodes read from takes none", async () => {
	const network = await createNetwork({ docker }, run);
	await startRegistry(docker, run, localOf("registry"), network);
	const all = await docker.listContainers({ filters: { network: [network] } });
	const port = all[0]?.Ports.find((each) => each.PublicPort)?.PublicPort ?? 0;
	expect(await write(port, "PUT", "busybox/manifests/2")).toBe(405);
	expect(await write(port, "POST", "busybox/blobs/uploads/")).toBe(405);
});
