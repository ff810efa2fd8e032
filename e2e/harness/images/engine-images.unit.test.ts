import { expect, test } from "vitest";
import { playEngine } from "../docker/played-engine.ts";
import { engineHasOwn } from "./engine-images.ts";

/** By the names of images that a played engine has. */
const processors: Readonly<Record<string, string>> = {
	own: "amd64",
	foreign: "arm64",
	imported: "",
};
const docker = await playEngine(({ url = "" }, response) => {
	const name = /^\/images\/(.+)\/json/.exec(url)?.[1] ?? "";
	const has = processors[name];
	response
		.writeHead(has === undefined ? 404 : 200)
		.end(JSON.stringify({ message: "", Architecture: has }));
});

test.each([
	["own", true],
	["imported", true],
	["foreign", false],
	["none", false],
])("the image %s spares a pull: %s", async (name, expected) => {
	expect(await engineHasOwn(docker, name, "x64")).toBe(expected);
});
