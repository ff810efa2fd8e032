import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { Progress } from "../../common/progress.ts";
import { connectDocker, findEngineProcessor } from "../docker/connection.ts";
import { openImageSource } from "./choose-source.ts";
import { engineHas } from "./engine-images.ts";
import { ImageCache, imageCacheKey } from "./image-cache.ts";

test("what a run has built is there on another machine, and is written once", async () => {
	const docker = await connectDocker();
	const folder = await mkdtemp(join(tmpdir(), "o11y-e2e-cache-test-"));
	onTestFinished(() => rm(folder, { recursive: true }));
	const progress = new Progress();
	const source = await openImageSource(docker, inject("imageSource"), progress);
	const busybox = (await source.provideComponents(["busybox"], progress)).get(
		"busybox",
	);
	if (!busybox) throw new Error("busybox was not provided");
	// Under the test's own name: a run at the same time needs the image under its own.
	const [repo, tag] = ["o11y-e2e-cache-test.invalid/busybox", "1"];
	const local = `${repo}:${tag}`;
	await docker.getImage(busybox.local).tag({ repo, tag });
	const contents = {
		source: source.name,
		architecture: await findEngineProcessor(),
		components: {
			// As if it had been built, wherever it comes from.
			busybox: {
				...busybox,
				local,
				standIn: { component: "busybox", version: "1" },
			},
		},
		references: [],
	};

	const first = await ImageCache.open(docker, folder, progress);
	expect(progress.lines.at(-1)).toMatch(/images\.tar is not there yet$/);
	await first.keep({ id: "0", tempDir: folder }, contents);
	const file = join(folder, "images.tar");
	const written = await stat(file);

	await docker.getImage(local).remove({ noprune: true });
	const second = await ImageCache.open(docker, folder, progress);
	expect(await engineHas(docker, local)).toBe(true);
	await second.keep({ id: "0", tempDir: folder }, contents);
	expect((await stat(file)).mtimeMs, "written again").toBe(written.mtimeMs);
	await docker.getImage(local).remove({ noprune: true });

	await writeFile(file, "cut short");
	await ImageCache.open(docker, folder, progress);
	expect(progress.lines.at(-1)).toMatch(
		/image cache: not used: image cache: .*images\.tar: not an archive that/,
	);
});

test("the key is the same as long as nothing is built otherwise", async () => {
	const key = await imageCacheKey();
	expect(key).toMatch(/^o11y-e2e-images-[0-9a-f]{16}$/);
	expect(await imageCacheKey()).toBe(key);
});
