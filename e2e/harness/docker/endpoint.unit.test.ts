import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { findEndpoint, makeEndpoint } from "./endpoint.ts";

const dir = mkdtempSync(join(tmpdir(), "o11y-e2e-endpoint-"));
afterAll(() => rmSync(dir, { recursive: true }));

beforeEach(() => {
	for (const name of ["HOST", "CONTEXT", "TLS_VERIFY", "CERT_PATH"])
		vi.stubEnv(`DOCKER_${name}`, undefined);
	vi.stubEnv("HOME", join(dir, "home"));
	vi.stubEnv("XDG_RUNTIME_DIR", undefined);
	vi.stubEnv("DOCKER_CONFIG", dir);
	writeFileSync(join(dir, "config.json"), "{}");
});

const idOf = (name: string) => createHash("sha256").update(name).digest("hex");

/** Writes a context as `docker context create` does. */
function writeContext(name: string, endpoint: object, files: string[] = []) {
	const meta = join(dir, "contexts", "meta", idOf(name));
	mkdirSync(meta, { recursive: true });
	const content = { Name: name, Endpoints: { docker: endpoint } };
	writeFileSync(join(meta, "meta.json"), JSON.stringify(content));
	const tls = join(dir, "contexts", "tls", idOf(name), "docker");
	if (files.length > 0) mkdirSync(tls, { recursive: true });
	for (const file of files) writeFileSync(join(tls, file), "");
	return tls;
}

test("DOCKER_HOST comes before DOCKER_CONTEXT, and that before the current context", async () => {
	writeContext("colima", { Host: "unix:///colima.sock" });
	writeContext("nas", { Host: "ssh://me@nas" });
	writeFileSync(join(dir, "config.json"), '{"currentContext":"colima"}');
	await expect(findEndpoint()).resolves.toMatchObject({
		url: "unix:///colima.sock",
		namedBy: "context colima",
	});
	vi.stubEnv("DOCKER_CONTEXT", "nas");
	await expect(findEndpoint()).resolves.toMatchObject({ url: "ssh://me@nas" });
	vi.stubEnv("DOCKER_HOST", "10.0.0.1");
	await expect(findEndpoint()).resolves.toEqual({
		url: "tcp://10.0.0.1:2375",
		namedBy: "DOCKER_HOST",
		tlsDir: undefined,
	});
});

test("a context brings its own certificates", async () => {
	const files = ["ca.pem", "cert.pem", "key.pem"];
	const tlsDir = writeContext("tls", { Host: "tcp://nas" }, files);
	vi.stubEnv("DOCKER_CONTEXT", "tls");
	await expect(findEndpoint()).resolves.toEqual({
		url: "tcp://nas:2376",
		namedBy: "context tls",
		tlsDir,
	});
});

test("DOCKER_CERT_PATH counts only with DOCKER_TLS_VERIFY, as for docker", async () => {
	vi.stubEnv("DOCKER_HOST", "tcp://nas:1234");
	vi.stubEnv("DOCKER_CERT_PATH", join(dir, "nowhere"));
	await expect(findEndpoint()).resolves.toMatchObject({ tlsDir: undefined });
	vi.stubEnv("DOCKER_TLS_VERIFY", "1");
	await expect(findEndpoint()).rejects.toThrow(
		/must have ca.pem, cert.pem and key.pem, but it has no ca.pem/,
	);
});

test("testcontainers' configuration counts where Docker's names no engine", async () => {
	mkdirSync(join(dir, "home"), { recursive: true });
	const file = join(dir, "home", ".testcontainers.properties");
	writeFileSync(file, "docker.host = tcp\\://cloud:2375\n");
	await expect(findEndpoint()).resolves.toEqual({
		url: "tcp://cloud:2375",
		namedBy: "docker.host in ~/.testcontainers.properties",
		tlsDir: undefined,
	});
	rmSync(file);
	await expect(findEndpoint()).resolves.toMatchObject({ namedBy: undefined });
});

test("DOCKER_CONTEXT=default is the system's engine, whatever else names one", async () => {
	mkdirSync(join(dir, "home"), { recursive: true });
	const file = join(dir, "home", ".testcontainers.properties");
	writeFileSync(file, "docker.host = tcp\\://cloud:2375\n");
	writeFileSync(join(dir, "config.json"), '{"currentContext":"colima"}');
	vi.stubEnv("DOCKER_CONTEXT", "default");
	await expect(findEndpoint()).resolves.toMatchObject({
		url: "unix:///var/run/docker.sock",
		namedBy: "DOCKER_CONTEXT",
	});
	rmSync(file);
});

test.each([
	[
		{ DOCKER_HOST: "unix:///Users/me/My Engine/docker.sock" },
		'testcontainers cannot use a path with " "',
	],
	[{ DOCKER_CONTEXT: "gone" }, "DOCKER_CONTEXT names Docker's context gone"],
	[{ DOCKER_HOST: "npipe:////./pipe/x" }, "must begin with unix://, tcp://"],
	[{ DOCKER_HOST: "https://nas" }, "for TLS, set DOCKER_TLS_VERIFY=1"],
	[{ DOCKER_HOST: "tcp://a b" }, "that is not an address"],
	// URL reads the first part of each as a host.
	[{ DOCKER_HOST: "unix://docker.sock" }, "the socket's path must be whole"],
	[{ DOCKER_HOST: "unix://var/run/x" }, "the socket's path must be whole"],
	[{ DOCKER_HOST: "unix://" }, "the socket's path must be whole"],
	[{ DOCKER_HOST: "/run/x.sock" }, "a socket is written unix:///run/x.sock"],
	[{ DOCKER_HOST: "tcp://[::1]:2375" }, "cannot use an IPv6 address"],
])("%j is refused: %s", async (variables, sentence) => {
	for (const [name, value] of Object.entries(variables))
		vi.stubEnv(name, value);
	await expect(findEndpoint()).rejects.toThrow(sentence);
});

test.each([
	["http://host:80", "tcp://host:80"],
	["http://host", "tcp://host:2375"],
	["tcp://host:0443", "tcp://host:443"],
])("DOCKER_HOST=%s is %s, with the port that it names", async (host, url) => {
	vi.stubEnv("DOCKER_HOST", host);
	await expect(findEndpoint()).resolves.toMatchObject({ url });
});

test("a usual socket that cannot be used is told as that", async () => {
	const runtime = join(dir, "my run");
	mkdirSync(runtime, { recursive: true });
	writeFileSync(join(runtime, "docker.sock"), "");
	expect(() =>
		makeEndpoint(`unix://${runtime}/docker.sock`, undefined, undefined),
	).toThrow(/^the usual socket of the Docker engine is unix:.*my run/);
});

test("a context that is cut short is named with its file", async () => {
	writeContext("cut", { Host: "tcp://nas:2375" });
	const file = join(dir, "contexts", "meta", idOf("cut"), "meta.json");
	writeFileSync(file, '{"Name":');
	vi.stubEnv("DOCKER_CONTEXT", "cut");
	await expect(findEndpoint()).rejects.toThrow(
		`Docker's context cut cannot be read: ${file} is not JSON`,
	);
});

test("an unverified context is refused, never used without verification", async () => {
	writeContext("lax", { Host: "tcp://nas:2376", SkipTLSVerify: true });
	vi.stubEnv("DOCKER_CONTEXT", "lax");
	await expect(findEndpoint()).rejects.toThrow("not supported");
	writeContext("lax", { Host: "https://me:pw@nas", SkipTLSVerify: true });
	await expect(findEndpoint()).rejects.toThrow("engine https://nas without");
});

test("a configuration that is not JSON is named, without its content", async () => {
	writeFileSync(join(dir, "config.json"), '{"auths": secret');
	await expect(findEndpoint()).rejects.toThrow(
		`${join(dir, "config.json")} is not Docker's configuration: it is not JSON`,
	);
});
