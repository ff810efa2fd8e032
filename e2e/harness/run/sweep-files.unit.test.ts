import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { withFileLock } from "../../common/file-lock.ts";
import { cacheDir } from "../../common/paths.ts";
import {
	findPartialImages,
	removePartialFiles,
	removeRoots,
	whenNobodyBuilds,
} from "./sweep-files.ts";

const cache = mkdtempSync(join(tmpdir(), "o11y-e2e-sweep-"));
afterAll(() => rmSync(cache, { recursive: true }));
beforeEach(() => {
	vi.stubEnv("O11Y_E2E_CACHE", cache);
});

const hour = 3600 * 1000;

test("the root folder of an interrupted build is removed, and none of a build under way", async () => {
	const root = join(cacheDir("roots"), "k3s-a1B2c3");
	mkdirSync(root);
	await withFileLock(cacheDir("locks"), { what: "build images" }, async () => {
		await removeRoots();
		expect(existsSync(root)).toBe(true);
	});
	await removeRoots();
	expect(existsSync(root)).toBe(false);
});

test("what was only partly written is removed an hour later, and nothing else", async () => {
	const partial = [
		join(cacheDir("charts"), "stack-77.14.0.tgz.0a1b2c3d"),
		join(cacheDir("modules"), "example.org%2Fa@v1.2.3.zip.0a1b2c3d"),
		join(cacheDir("apt", "archive"), ".6f1c0d3e-8a52-4f0e-9d3b-1c2d3e4f5a6b"),
	];
	const whole = [
		join(cacheDir("charts"), "stack-77.14.0.tgz"),
		join(cacheDir("charts"), "stack-77.14.0.tgz.sha256"),
		join(cacheDir("modules"), "example.org%2Fa@v1.2.3.zip"),
		join(cacheDir("apt", "archive"), "runc_1.1.5_amd64.deb"),
	];
	for (const file of [...partial, ...whole]) writeFileSync(file, "");
	partial.push(join(cacheDir("apt", "downloads", "apt-a1B2c3")));
	await removePartialFiles();
	expect(partial.every(existsSync)).toBe(true);
	await removePartialFiles(Date.now() + 2 * hour);
	expect(partial.some(existsSync)).toBe(false);
	expect(whole.every(existsSync)).toBe(true);
});

test("a cache that cannot be used is a rejection, which a sweep puts up with", async () => {
	vi.stubEnv("O11Y_E2E_CACHE", join(import.meta.filename, "cache"));
	await expect(whenNobodyBuilds(async () => undefined)).rejects.toThrow(
		"O11Y_E2E_CACHE",
	);
});

test("only an image that has kept the name of a partial one is one", () => {
	const now = Date.now();
	const image = (name: string, age: number) => ({
		Created: (now - age) / 1000,
		RepoTags: [name],
	});
	const built = "built-here.o11y-e2e.invalid/k3s:0a1b2c3d4e5f";
	expect(
		findPartialImages(
			[
				image(`${built}-partial`, 2 * hour),
				image(`${built}-partial`, 0),
				image(built, 2 * hour),
				image("example.org/stack:1-partial", 2 * hour),
				{ Created: 0, RepoTags: null },
			],
			now,
		),
	).toEqual([`${built}-partial`]);
});
