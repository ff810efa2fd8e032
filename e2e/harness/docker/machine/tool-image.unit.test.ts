import { expect, test } from "vitest";
import { playEngine } from "../played-engine.ts";
import { findBusybox, findNodeImage, isHubImage } from "./tool-image.ts";

/** The images of a played engine on x86_64: their processors by their tags. */
let images: Readonly<Record<string, string>> = {};
const docker = await playEngine(({ url = "" }, response) => {
	const tag = decodeURIComponent(/^\/images\/(.+)\/json/.exec(url)?.[1] ?? "");
	const processor = images[tag];
	if (processor)
		response.end(JSON.stringify({ Id: tag, Architecture: processor }));
	else if (tag) response.writeHead(404).end('{"message":"no such image"}');
	else
		response.end(
			JSON.stringify(
				Object.keys(images).map((each) => ({ Id: each, RepoTags: [each] })),
			),
		);
});
const engine = { docker, info: { Architecture: "x86_64" } };

test("an image for the engine's own processor is taken, whatever else is there", async () => {
	images = { "busybox:arm": "arm64", "alpine:3": "amd64" };
	expect(await findBusybox(engine)).toEqual({ image: "alpine:3" });
});

test("an image for another processor is told in one sentence, and not run", async () => {
	images = { "busybox:1.37.0": "arm64" };
	expect(await findBusybox(engine)).toEqual({
		image: undefined,
		why: "the engine runs on x64, and its busybox:1.37.0 is for arm64",
	});
	expect(await findNodeImage(engine)).toEqual({
		image: undefined,
		why: "the engine does not have an image of k3s yet",
	});
});

test.each([
	["busybox:1.37.0", true],
	["docker.io/library/busybox:latest", true],
	["localhost:5000/docker.io/library/busybox:1.37.0", true],
	["corp/busybox:arm64", false],
	["registry.example.org/busybox:1", false],
	["localhost:5000/busybox", false],
])("%s is upstream's busybox: %s", (tag, expected) => {
	expect(isHubImage(tag, "busybox")).toBe(expected);
});
