import { expect, test } from "vitest";
import { findForeignBuild } from "./build-source.ts";
import { componentNamed, readComponents } from "./spec.ts";

const busybox = componentNamed(await readComponents(), "busybox");

test("images with programs are not built for an engine of another processor", () => {
	expect(findForeignBuild([busybox], "x64", "x64")).toBeUndefined();
	expect(findForeignBuild([busybox], "x64", "arm64")).toMatch(
		/this machine's processor \(x64\), but the Docker engine runs on arm64: take them from a registry/,
	);
});

test("an image of files alone suits every processor", () => {
	const onlyFiles = { build: { ...busybox.build, debian: undefined } };
	expect(findForeignBuild([onlyFiles], "x64", "arm64")).toBeUndefined();
});
