import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { readGoSettings } from "./go-settings.ts";

const dir = mkdtempSync(join(tmpdir(), "o11y-e2e-go-"));
const without = join(dir, "without");
const withGo = join(dir, "with");
mkdirSync(without);
mkdirSync(withGo);
const ofGo = { GOPROXY: "https://proxy.invalid", GOMODCACHE: "/of/go" };
writeFileSync(
	join(withGo, "go"),
	`#!/bin/sh\necho '${JSON.stringify(ofGo)}'\n`,
	{ mode: 0o755 },
);

afterAll(() => rmSync(dir, { recursive: true }));
beforeEach(() => {
	vi.stubEnv("PATH", without);
	vi.stubEnv("GOPROXY", undefined);
	vi.stubEnv("GOMODCACHE", "/of/environment");
});

const silent = () => undefined;
const provideNone = vi.fn(async () => undefined);

test("an installed Go is asked first", async () => {
	vi.stubEnv("PATH", withGo);
	vi.stubEnv("GOPROXY", "https://other.invalid");
	expect(await readGoSettings(silent, provideNone)).toEqual(ofGo);
});

test("without Go the environment's proxy counts, and no Go is downloaded", async () => {
	vi.stubEnv("GOPROXY", "https://own.invalid");
	expect(await readGoSettings(silent, provideNone)).toEqual({
		GOPROXY: "https://own.invalid",
		GOMODCACHE: "/of/environment",
	});
	expect(provideNone).not.toHaveBeenCalled();
});

test("without Go and without a proxy, a Go is provided that knows one", async () => {
	expect(await readGoSettings(silent, async () => withGo)).toEqual(ofGo);
});

test("where no Go can be had, the reason is told, and Go's cache remains", async () => {
	expect(await readGoSettings(silent, provideNone)).toEqual({
		GOPROXY: "",
		GOMODCACHE: "/of/environment",
		trouble:
			"no module proxy is known: no Go is installed, and GOPROXY is not set",
	});
	const { trouble } = await readGoSettings(silent, async () => {
		throw new Error("the mirror does not answer");
	});
	expect(trouble).toBe(
		"Go could not be downloaded: the mirror does not answer",
	);
});
