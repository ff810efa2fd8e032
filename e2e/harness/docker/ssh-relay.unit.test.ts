import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { relayFolder } from "./ssh-relay.ts";

const dir = mkdtempSync(join(tmpdir(), "o11y-e2e-relay-"));
afterAll(() => rmSync(dir, { recursive: true }));
beforeEach(() => {
	vi.stubEnv("TMPDIR", dir);
});

const beside = join(dir, `o11y-e2e-ssh-${process.getuid?.()}`);

test.each([
	["cache", join(dir, "cache", "ssh")],
	["my cache", beside],
	["c:ache", beside],
	["100%", beside],
	["long".repeat(30), beside],
])("with the cache in %s, the socket is in %s", async (name, folder) => {
	vi.stubEnv("O11Y_E2E_CACHE", join(dir, name));
	await expect(relayFolder()).resolves.toBe(folder);
});

test("a folder that others can write is refused", async () => {
	vi.stubEnv("O11Y_E2E_CACHE", join(dir, "my cache"));
	await relayFolder();
	chmodSync(beside, 0o777);
	onTestFinished(() => chmodSync(beside, 0o700));
	await expect(relayFolder()).rejects.toThrow(
		`${beside}, where the socket of an engine by ssh:// goes, is not this user's own`,
	);
});

test("where no path can be a socket's, the message says what to name", async () => {
	vi.stubEnv("O11Y_E2E_CACHE", join(dir, "my cache"));
	vi.stubEnv("TMPDIR", join(dir, "my tmp"));
	await expect(relayFolder()).rejects.toThrow(
		/name a folder in O11Y_E2E_CACHE whose path has at most 80 letters/,
	);
});
