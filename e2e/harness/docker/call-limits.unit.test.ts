import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, expect, test } from "vitest";
import { limitCalls } from "./call-limits.ts";
import { readOutput } from "./docker.ts";

const dir = mkdtempSync(join(tmpdir(), "o11y-e2e-limits-"));
const socketPath = join(dir, "docker.sock");
let pings = 0;
let frozenAfter = Number.POSITIVE_INFINITY;
// An engine that answers pings until it freezes, and whose containers never end.
const engine = createServer((request, response) => {
	if (pings >= frozenAfter) return;
	if (request.url === "/_ping") {
		pings += 1;
		response.end("OK");
	}
	if (request.url?.includes("/logs")) response.write("x");
});
await new Promise<void>((resolve) => engine.listen(socketPath, resolve));
afterAll(() => {
	engine.closeAllConnections();
	engine.close();
	rmSync(dir, { recursive: true });
});

const pace = { pingEvery: 20, pingLimit: 50, callLimit: 100 };

function connect(): Docker {
	const docker = new Docker({ socketPath });
	limitCalls(docker, "the engine", pace);
	return docker;
}

test("a call that the engine never answers ends, although it answers pings", async () => {
	await expect(connect().listContainers()).rejects.toThrow(
		"the engine did not answer GET /containers/json within 0.1 s",
	);
});

test.each([
	[
		"waits for a container",
		(docker: Docker) => docker.getContainer("a").wait(),
	],
	["follows a log", followLog],
	["pulls", (docker: Docker) => docker.pull("busybox")],
])(
	"one that %s has no limit, but ends if the engine answers no ping",
	async (_, call) => {
		// So many take longer than the limit of other calls.
		frozenAfter = pings + 10;
		await expect(call(connect())).rejects.toThrow(
			"the engine has answered nothing for 0.2 s, not even a ping: it hangs or was stopped; restart it",
		);
	},
);

async function followLog(docker: Docker) {
	const log = await docker
		.getContainer("a")
		.logs({ follow: true, stdout: true });
	return readOutput(docker, log);
}
