import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { projectPath } from "../../common/paths.ts";
import { componentNamed, readComponents } from "./spec.ts";

test("the image of k8s-sidecar has every file of its source", async () => {
	const { build } = componentNamed(await readComponents(), "k8s-sidecar");
	const names = await readdir(projectPath("stack", "images", "k8s-sidecar"));
	const sources = names.filter((name) => !name.endsWith(".test.ts"));
	expect(build.files).toEqual(
		Object.fromEntries(
			sources.map((name) => [`/app/${name}`, `k8s-sidecar/${name}`]),
		),
	);
});
