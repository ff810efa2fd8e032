import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { cacheDir, cacheRoot } from "./paths.ts";

afterEach(() => {
	vi.unstubAllEnvs();
});

test("a cache that cannot be created is told with what names another one", () => {
	const inFile = join(import.meta.filename, "cache");
	vi.stubEnv("O11Y_E2E_CACHE", inFile);
	expect(() => cacheDir("locks")).toThrow(
		`the folder ${join(inFile, "locks")} of the cache cannot be created (a part of its path is not a folder): name another place for it in O11Y_E2E_CACHE`,
	);
});

test("an empty variable names no cache, and a relative one a folder of the current one", () => {
	vi.stubEnv("O11Y_E2E_CACHE", "");
	expect(cacheRoot()).toMatch(/^\/.*o11y-e2e/);
	vi.stubEnv("O11Y_E2E_CACHE", "cache");
	expect(cacheRoot()).toBe(join(process.cwd(), "cache"));
});
