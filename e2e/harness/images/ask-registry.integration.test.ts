import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import {
	createServer,
	type IncomingMessage,
	type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { messageOf } from "../../common/errors.ts";
import { makeTestCertificates } from "../docker/certificates.ts";
import { connectDocker } from "../docker/connection.ts";
import { askRegistry } from "./ask-registry.ts";

// The folder for temporary files is removed by own-folders.ts.
const dir = mkdtempSync(join(tmpdir(), "registry-"));
const docker = await connectDocker();
const servers: Server[] = [];
afterAll(() => {
	for (const server of servers) server.close();
});

const limit = 5000;
const login = Buffer.from("me:pass:word").toString("base64");
const path = "team/app:1.0";

async function listen(server: Server, host: string): Promise<string> {
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, host, resolve));
	return `${host}:${(server.address() as AddressInfo).port}`;
}

/** Plays a registry as far as the engine asks it to resolve a reference. */
function answer(request: IncomingMessage, response: ServerResponse) {
	if (request.headers.authorization !== `Basic ${login}`) {
		response.writeHead(401, { "WWW-Authenticate": 'Basic realm="test"' }).end();
		return;
	}
	if (!request.url?.includes("/manifests/")) {
		response.end("{}");
		return;
	}
	const mediaType = "application/vnd.oci.image.index.v1+json";
	response
		.writeHead(200, { "Content-Type": mediaType })
		.end(JSON.stringify({ schemaVersion: 2, mediaType, manifests: [] }));
}

const registry = await listen(createServer(answer), "127.0.0.1");

beforeEach(() => {
	vi.unstubAllEnvs();
	vi.stubEnv("DOCKER_CONFIG", dir);
	vi.stubEnv("HTTPS_PROXY", undefined);
	vi.stubEnv("https_proxy", undefined);
});

function writeConfig(config: object) {
	writeFileSync(join(dir, "config.json"), JSON.stringify(config));
}

/** Puts a helper of `docker login` on the PATH. */
function writeHelper(name: string, script: string) {
	const file = join(dir, `docker-credential-${name}`);
	writeFileSync(file, `#!/bin/sh\n${script}\n`);
	chmodSync(file, 0o755);
	vi.stubEnv("PATH", [dir, process.env.PATH].join(delimiter));
}

test("without a login, the message names the registry and the command", async () => {
	writeConfig({});
	const refusal = await askRegistry(docker, `${registry}/${path}`, limit);
	expect(refusal?.kind).toBe("login");
	expect(refusal?.message).toContain(`docker login ${registry}`);
	expect(refusal?.message).toContain("--images build");
});

test("the login in config.json is used", async () => {
	writeConfig({ auths: { [registry]: { auth: login } } });
	await expect(
		askRegistry(docker, `${registry}/${path}`, limit),
	).resolves.toBeUndefined();
});

test("a helper is asked, as credsStore and for one registry", async () => {
	writeHelper(
		"test",
		`read -r host; test "$host" = ${registry} && echo '{"Username":"me","Secret":"pass:word"}'`,
	);
	writeConfig({ credsStore: "test", auths: { [registry]: {} } });
	await expect(
		askRegistry(docker, `${registry}/${path}`, limit),
	).resolves.toBeUndefined();
	writeConfig({ credHelpers: { [registry]: "test" } });
	await expect(
		askRegistry(docker, `${registry}/${path}`, limit),
	).resolves.toBeUndefined();
});

test.each([
	["gone", undefined, "docker-credential-gone, but there is no such command"],
	["broken", "echo no keychain >&2; exit 2", "exit code 2: no keychain"],
	["odd", "echo secret", "its answer has an unexpected form"],
])(
	"a helper that is %s is named, not passed over",
	async (name, script, sentence) => {
		if (script) writeHelper(name, script);
		writeConfig({ credsStore: name });
		const message = await askRegistry(
			docker,
			`${registry}/${path}`,
			limit,
		).then(() => "", messageOf);
		expect(message).toContain(sentence);
		expect(message).not.toContain("secret");
	},
);

test("a rate limit is told as one, with the way out", async () => {
	writeConfig({});
	const limiting = createServer((_, response) => {
		response
			.writeHead(429, { "Content-Type": "application/json" })
			.end(
				'{"errors":[{"code":"TOOMANYREQUESTS","message":"You have reached your pull rate limit"}]}',
			);
	});
	const host = await listen(limiting, "127.0.0.1");
	const refusal = await askRegistry(docker, `${host}/${path}`, limit);
	expect(refusal?.kind).toBe("rate limit");
	expect(refusal?.message).toContain(`docker login ${host} raises the limit`);
});

test("a registry that never answers is given up in time", async () => {
	writeConfig({});
	const host = await listen(
		createServer(() => undefined),
		"127.0.0.1",
	);
	const started = performance.now();
	const refusal = await askRegistry(docker, `${host}/${path}`, 1000);
	expect(refusal?.kind).toBe("no answer");
	expect(refusal?.message).toContain("no answer within 1 s");
	expect(performance.now() - started).toBeLessThan(5000);
});

// The engine does not verify what is on loopback.
const address = Object.values(networkInterfaces())
	.flatMap((each) => each ?? [])
	.find(({ internal, family }) => !internal && family === "IPv4")?.address;

test.skipIf(!address)(
	"a certificate that the engine does not trust is told as that, with where its authority belongs",
	async () => {
		writeConfig({});
		const files = await makeTestCertificates(dir);
		const server = createTlsServer(
			{ cert: readFileSync(files.cert), key: readFileSync(files.key) },
			answer,
		);
		const host = await listen(server, address ?? "");
		const refusal = await askRegistry(docker, `${host}/${path}`, limit);
		expect(refusal?.kind).toBe("certificate");
		expect(refusal?.message).toContain(`/etc/docker/certs.d/${host}/ca.crt`);
	},
);
