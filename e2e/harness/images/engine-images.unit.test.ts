import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Docker from "dockerode";
import { afterAll, expect, test } from "vitest";
import { engineHasOwn } from "./engine-images.ts";

/** By the names of images that a played engine has. */
const processors: Readonly<Record<string, string>> = {
	own: "amd64",
	foreign: "arm64",
	imported: "",
};
const engine = createServer(({ url = "" }, response) => {
	const name = /^\/images\/(.+)\/json/.exec(url)?.[1] ?? "";
	const has = url.startsWith("/info") ? "x86_64" : processors[name];
	response
		.writeHead(has === undefined ? 404 : 200)
		.end(JSON.stringify({ message: "", Architecture: has }));
});
await new Promise<void>((resolve) => engine.listen(0, "127.0.0.1", resolve));
const { port } = engine.address() as AddressInfo;
const docker = new Docker({ host: "127.0.0.1", port, protocol: "http" });
afterAll(() => {
	engine.close();
	engine.closeAllConnections();
});

test.each([
	["own", true],
	["imported", true],
	["foreign", false],
	["none", false],
])("the image %s spares a pull: %s", async (name, expected) => {
	expect(await engineHasOwn(docker, name)).toBe(expected);
});
