import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { findRegistryLogin } from "./registry-login.ts";

const dir = mkdtempSync(join(tmpdir(), "o11y-e2e-login-"));
afterAll(() => rmSync(dir, { recursive: true }));
beforeEach(() => {
	vi.stubEnv("DOCKER_CONFIG", dir);
});

const auth = Buffer.from("me:pass:word").toString("base64");
const me = { username: "me", password: "pass:word" };

test.each([
	["ghcr.io", { "ghcr.io": { auth } }, { ...me, serveraddress: "ghcr.io" }],
	[
		"ghcr.io",
		{ "https://ghcr.io/v1/": { auth } },
		{ ...me, serveraddress: "ghcr.io" },
	],
	[
		"docker.io",
		{ "https://index.docker.io/v1/": { auth } },
		{ ...me, serveraddress: "https://index.docker.io/v1/" },
	],
	[
		"registry-1.docker.io",
		{ "https://index.docker.io/v1/": { auth } },
		{ ...me, serveraddress: "https://index.docker.io/v1/" },
	],
	[
		"docker.io",
		{ "registry-1.docker.io": { auth } },
		{ ...me, serveraddress: "https://index.docker.io/v1/" },
	],
	["quay.io", { "ghcr.io": { auth } }, undefined],
	["ghcr.io", { "ghcr.io": {} }, undefined],
	[
		"acr.io",
		{ "acr.io": { auth, identitytoken: "t" } },
		{ identitytoken: "t", serveraddress: "acr.io" },
	],
])("the login to %s of %j is found", async (host, auths, login) => {
	writeFileSync(join(dir, "config.json"), JSON.stringify({ auths }));
	await expect(findRegistryLogin(host)).resolves.toEqual(login);
});

test.each([
	{ auths: null, credHelpers: null, credsStore: null },
	{ auths: { "ghcr.io": null }, credHelpers: { "ghcr.io": null } },
	{ auths: { "ghcr.io": { auth: null } }, currentContext: null },
])("a null in %j is nothing, as for docker", async (config) => {
	writeFileSync(join(dir, "config.json"), JSON.stringify(config));
	await expect(findRegistryLogin("ghcr.io")).resolves.toBeUndefined();
});

test("a login without a colon is no login, and not quoted", async () => {
	const auth = Buffer.from("token").toString("base64");
	const auths = { "ghcr.io": { auth } };
	writeFileSync(join(dir, "config.json"), JSON.stringify({ auths }));
	await expect(findRegistryLogin("ghcr.io")).rejects.toThrow(
		/^the login to ghcr\.io in Docker's config\.json has no user and password: docker login ghcr\.io$/,
	);
});

// A shell script's own child holds the pipes when the script is ended.
test.each(["exec sleep 20", "sleep 20", "trap '' TERM\nsleep 20"])(
	"a helper that hangs in %j is named, and not waited for any longer than it may take",
	async (script) => {
		writeFileSync(
			join(dir, "docker-credential-hangs"),
			`#!/bin/sh\n${script}\n`,
			{ mode: 0o755 },
		);
		vi.stubEnv("PATH", `${dir}:${process.env.PATH}`);
		writeFileSync(join(dir, "config.json"), '{"credsStore":"hangs"}');
		const began = performance.now();
		await expect(findRegistryLogin("ghcr.io", 200)).rejects.toThrow(
			"docker-credential-hangs, but it did not answer within 0.2 s",
		);
		expect(performance.now() - began).toBeLessThan(3000);
	},
);

test.each([
	["#!/bin/sh\nkill -KILL $$\n", 0o755, "it was ended by SIGKILL"],
	["#!/bin/sh\n", 0o644, "it cannot be started (EACCES)"],
	["#!/bin/sh\necho locked >&2; exit 3\n", 0o755, "exit code 3: locked"],
])("the helper %j with mode %i is told: %s", async (script, mode, why) => {
	const folder = mkdtempSync(join(dir, "path-"));
	writeFileSync(join(folder, "docker-credential-fails"), script, { mode });
	vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
	writeFileSync(join(dir, "config.json"), '{"credsStore":"fails"}');
	await expect(findRegistryLogin("ghcr.io")).rejects.toThrow(why);
});

test("DOCKER_AUTH_CONFIG adds logins, as CI systems have them", async () => {
	writeFileSync(join(dir, "config.json"), "{}");
	const auths = { "registry.example.org": { auth } };
	vi.stubEnv("DOCKER_AUTH_CONFIG", JSON.stringify({ auths }));
	await expect(
		findRegistryLogin("registry.example.org"),
	).resolves.toMatchObject(me);
});
