import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, inject, onTestFinished, test } from "vitest";
import { Progress } from "../../common/progress.ts";
import { connectDocker, findEngineProcessor } from "../docker/connection.ts";
import { ArchiveSource, saveArchive } from "./archive-source.ts";
import { openImageSource } from "./choose-source.ts";
import { engineHas } from "./engine-images.ts";
import type { ProvidedImage } from "./source.ts";
import { componentNamed, readComponents } from "./spec.ts";

test("an archive provides the images that were saved into it", async () => {
	const docker = await connectDocker();
	const dir = await mkdtemp(join(tmpdir(), "o11y-e2e-archive-test-"));
	onTestFinished(() => rm(dir, { recursive: true }));
	const file = join(dir, "images.tar");

	// Under the test's own name: a run at the same time needs the image under its own.
	const components = await readComponents();
	const progress = new Progress();
	const source = await openImageSource(docker, inject("imageSource"), progress);
	const provided = await source.provideComponents(["busybox"], progress);
	const busybox = provided.get("busybox");
	if (!busybox) throw new Error("busybox was not provided");
	const [repo, tag] = ["o11y-e2e-archive-test.invalid/busybox", "1"];
	const local = `${repo}:${tag}`;
	await docker.getImage(busybox.local).tag({ repo, tag });
	const saved: ProvidedImage = { ...busybox, local };

	await saveArchive(docker, { id: "0a1b2c3d", tempDir: dir }, file, {
		source: source.name,
		architecture: await findEngineProcessor(),
		components: { busybox: saved },
		references: [saved],
	});
	await docker.getImage(local).remove({ noprune: true });
	expect(await engineHas(docker, local)).toBe(false);

	const archive = await ArchiveSource.open(docker, components, file);
	expect(await engineHas(docker, local)).toBe(true);
	expect((await archive.provideComponents(["busybox"])).get("busybox")).toEqual(
		saved,
	);
	const { upstream = "" } = componentNamed(components, "busybox");
	expect(await archive.provideReferences([upstream])).toEqual([saved]);
	await expect(archive.provideComponents(["minio"])).rejects.toThrow(
		"the archive holds no image of minio",
	);
	await expect(
		archive.provideReferences(["quay.io/other/image:1"]),
	).rejects.toThrow("the archive holds no image for quay.io/other/image:1");
	await docker.getImage(local).remove({ noprune: true });
});

test("an archive for another processor than the engine's is refused", async () => {
	const dir = await mkdtemp(join(tmpdir(), "o11y-e2e-archive-test-"));
	onTestFinished(() => rm(dir, { recursive: true }));
	const file = join(dir, "images.tar");
	const contents = { source: "build", architecture: "other" };
	await writeFile(
		join(dir, "index.json"),
		JSON.stringify({ ...contents, components: {}, references: [] }),
	);
	await execa("tar", ["-cf", file, "-C", dir, "index.json"]);
	await expect(
		ArchiveSource.open(await connectDocker(), [], file),
	).rejects.toThrow(
		`its images are for other, but the Docker engine runs on ${await findEngineProcessor()}`,
	);
});
