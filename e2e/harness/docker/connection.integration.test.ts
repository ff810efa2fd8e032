import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { makeTestCertificates } from "./certificates.ts";
import { connectDocker } from "./connection.ts";
import { findEndpoint } from "./endpoint.ts";

// The folder for temporary files is removed by own-folders.ts.
const dir = mkdtempSync(join(tmpdir(), "engine-"));
const { url } = await findEndpoint();
const socket = url.replace("unix://", "");
const { ID: ownEngine } = await (await connectDocker()).info();
const servers: Server[] = [];
afterAll(() => {
	for (const server of servers) server.close();
});

async function listen(server: Server): Promise<number> {
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return (server.address() as AddressInfo).port;
}

const answer = z.object({
	/** The id of the engine that was found. */
	id: z.string().optional(),
	host: z.string().optional(),
	error: z.string().optional(),
	seconds: z.number(),
});

/** Connects in a process of its own, because a process keeps its engine. */
async function connectWith(env: Record<string, string | undefined>) {
	const module = JSON.stringify(join(import.meta.dirname, "engine.ts"));
	const script = `
		const { connectRunningEngine } = await import(${module});
		const { getContainerRuntimeClient } = await import("testcontainers");
		const started = performance.now();
		const say = (found) => console.log(JSON.stringify({ ...found, seconds: (performance.now() - started) / 1000 }));
		try {
			const { docker } = await connectRunningEngine();
			const { info } = await getContainerRuntimeClient();
			say({ id: (await docker.info()).ID, host: info.containerRuntime.host });
		} catch ({ message }) {
			say({ error: message });
		}
		process.exit(0);`;
	const { stdout } = await execa(
		process.execPath,
		["--input-type=module", "--eval", script],
		{
			cwd: import.meta.dirname,
			env: { TESTCONTAINERS_HOST_OVERRIDE: undefined, ...env },
		},
	);
	return answer.parse(JSON.parse(stdout));
}

test.skipIf(!url.startsWith("unix:"))(
	"an engine behind TLS is used, with the certificates of DOCKER_CERT_PATH",
	async () => {
		const { ca, cert, key } = await makeTestCertificates(dir);
		const [caText, certText, keyText] = await Promise.all(
			[ca, cert, key].map((file) => readFile(file)),
		);
		const server = createTlsServer(
			{
				ca: caText,
				cert: certText,
				key: keyText,
				requestCert: true,
				rejectUnauthorized: true,
			},
			(client) => {
				const engine = connect(socket);
				client.pipe(engine).pipe(client);
				client.on("error", () => engine.destroy());
			},
		);
		const port = await listen(server);
		const env = {
			DOCKER_HOST: `tcp://127.0.0.1:${port}`,
			DOCKER_TLS_VERIFY: "1",
			DOCKER_CERT_PATH: dir,
		};
		await expect(connectWith(env)).resolves.toMatchObject({
			id: ownEngine,
			host: "localhost",
		});
		const { error, seconds } = await connectWith({
			...env,
			DOCKER_TLS_VERIFY: undefined,
		});
		expect(error).toContain(
			"for TLS, DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH must be set",
		);
		expect(seconds).toBeLessThan(10);
	},
);

test("an engine that accepts connections and never answers ends the command within 10 s, and no other is taken", async () => {
	const port = await listen(createServer());
	const { error, seconds } = await connectWith({
		DOCKER_HOST: `tcp://127.0.0.1:${port}`,
	});
	expect(error).toContain(
		`the Docker engine tcp://127.0.0.1:${port} (named by DOCKER_HOST) does not answer: no answer in time`,
	);
	expect(seconds).toBeLessThan(10);
});

/** Plays the command ssh: forwards the socket of `-L` while its standard input is open. */
const ssh = `#!${process.execPath}
const { connect, createServer } = require("node:net");
const args = process.argv.slice(2);
if (args.includes("-G")) { console.log("hostname 127.0.0.9"); process.exit(0); }
if (args.at(-2) === "locked") { process.stderr.write("\\x1b[7mme@locked: Permission denied (publickey).\\n"); process.exit(255); }
const [local, remote] = args.find((arg) => arg.startsWith("-L")).slice(2).split(":");
createServer((client) => { const there = connect(remote); client.pipe(there).pipe(client); client.on("error", () => there.destroy()); })
	.listen(local, () => console.log("connected"));
process.stdin.resume().on("end", () => process.exit(0));
`;

test.skipIf(!url.startsWith("unix:"))(
	"ssh:// goes through the command ssh, and never to the local engine",
	async () => {
		writeFileSync(join(dir, "ssh"), ssh);
		chmodSync(join(dir, "ssh"), 0o755);
		const env = {
			PATH: [dir, process.env.PATH].join(delimiter),
			O11Y_E2E_CACHE: join(dir, "cache"),
		};
		await expect(
			connectWith({ ...env, DOCKER_HOST: `ssh://me@nas${socket}` }),
		).resolves.toMatchObject({ id: ownEngine, host: "127.0.0.9" });
		const refused = await connectWith({
			...env,
			DOCKER_HOST: "ssh://me@locked",
		});
		expect(refused.error).toBe(
			"the Docker engine ssh://me@locked cannot be reached: me@locked: Permission denied (publickey). This command must work without a question: ssh -l me -- locked docker version",
		);
	},
);
