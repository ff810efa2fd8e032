import type { RequestListener } from "node:http";
import { expect, onTestFinished, test, vi } from "vitest";
import { budgets } from "../../common/budgets.ts";
import { isSilence } from "../../common/errors.ts";
import { ApiServer } from "./api-server.ts";
import { playApiServer } from "./played-api-server.ts";

/** An API server with a Service that never answers. */
function startApiServer(readyz: number): Promise<ApiServer> {
	return serve(({ url }, answer) => {
		if (url === "/readyz")
			answer.writeHead(readyz).end("[+]ping ok\n[-]etcd failed");
	});
}

async function serve(listener: RequestListener): Promise<ApiServer> {
	const api = ApiServer.fromKubeconfig(await playApiServer(listener));
	onTestFinished(() => api.close());
	return api;
}

test.each([
	[200, false, /: no answer within 0.1 s$/],
	// It is there, and does not tell everybody how it is.
	[403, false, /: no answer within 0.1 s$/],
	[
		500,
		true,
		/0.1 s, and the API server is not ready: GET \/readyz: 500 \[-\]etcd failed$/,
	],
])(
	"a Service that does not answer, behind an API server that says %i: silence of the API server %s",
	async (readyz, isSilent, message) => {
		const api = await startApiServer(readyz);
		const error = await api
			.request("GET", "/api/v1/namespaces/m/services/prometheus:9090/proxy/x", {
				timeout: 100,
			})
			.catch((reason: unknown) => reason);
		expect(error).toHaveProperty("message", expect.stringMatching(message));
		expect(isSilence(error)).toBe(isSilent);
	},
);

test("an API server that does not answer is silent itself", async () => {
	const api = await startApiServer(200);
	const error = await api
		.request("GET", "/api/v1/nodes", { timeout: 100 })
		.catch((reason: unknown) => reason);
	expect(isSilence(error)).toBe(true);
});

test.each([
	[504, "Timeout: request did not complete within requested timeout"],
	[500, "Internal error occurred: resource quota evaluation timed out"],
	[500, "rpc error: context deadline exceeded"],
	[500, "etcdserver: duplicate key given in txn request"],
	[429, "Too many requests, please try again later."],
])(
	"what the API server gives up with %i %s is asked for again",
	async (status, message) => {
		let asked = 0;
		const api = await serve((_, answer) => {
			asked += 1;
			answer
				.writeHead(asked < 3 ? status : 200)
				.end(JSON.stringify({ message }));
		});
		await api.request("PATCH", "/api/v1/namespaces/m");
		expect(asked).toBe(3);
	},
);

test.each([
	[504, "Timeout", true],
	[429, "Too many requests", true],
	[500, "resource quota evaluation timed out", true],
	// The stack's own, such as the operator's.
	[500, "failed calling webhook: context deadline exceeded", false],
	[403, "forbidden", false],
])(
	"a last answer of %i %s: silence of the API server %s, which says nothing about the stack",
	async (status, message, isSilent) => {
		const { api } = await answerAtLast(status, JSON.stringify({ message }));
		const error = await api
			.request("GET", "/api/v1/nodes")
			.catch((reason: unknown) => reason);
		expect(error).toHaveProperty("status", status);
		expect(isSilence(error)).toBe(isSilent);
	},
);

test("a 500 that names a fault is not asked for again", async () => {
	let asked = 0;
	const api = await serve((_, answer) => {
		asked += 1;
		answer.writeHead(500).end('{"message":"failed to create typed patch"}');
	});
	await expect(api.request("PATCH", "/api/v1/namespaces/m")).rejects.toThrow(
		/: 500 failed to create/,
	);
	expect(asked).toBe(1);
});

test("nothing is asked for again when the time is over", async () => {
	const silent = await serve(() => undefined);
	await expect(
		silent.request("PATCH", "/api/v1/namespaces/m", { timeout: 50 }),
	).rejects.toThrow(/no answer within 0.05 s$/);
	const busy = await answerAtLast(504, "{}");
	await expect(
		busy.api.request("PATCH", "/api/v1/namespaces/m"),
	).rejects.toThrow(/: 504 /);
	expect(busy.asked()).toBe(1);
});

/** An API server whose answer leaves no time to ask again. */
async function answerAtLast(status: number, body: string) {
	let asked = 0;
	const { now } = performance;
	const clock = vi.spyOn(performance, "now");
	onTestFinished(() => clock.mockRestore());
	const api = await serve((_, answer) => {
		asked += 1;
		clock.mockImplementation(() => now.call(performance) + budgets.request);
		answer.writeHead(status).end(body);
	});
	return { api, asked: () => asked };
}

test("where no answer comes at last, what was given up before is told, too", async () => {
	let asked = 0;
	const api = await serve((_, answer) => {
		asked += 1;
		if (asked === 1) answer.writeHead(504).end('{"message":"Timeout"}');
	});
	await expect(
		api.request("PATCH", "/api/v1/nodes", { timeout: 1000 }),
	).rejects.toThrow(
		/: no answer within 0(\.\d+)? s, after PATCH \/api\/v1\/nodes: 504 Timeout$/,
	);
});

test.each([
	["POST", "/api/v1/namespaces"],
	["GET", "/api/v1/namespaces/m/services/thanos:9090/proxy/x"],
])("a 504 of %s %s is not asked for again", async (method, path) => {
	let asked = 0;
	const api = await serve((_, answer) => {
		asked += 1;
		answer.writeHead(504).end("{}");
	});
	await expect(api.request(method, path)).rejects.toThrow(/: 504 /);
	expect(asked).toBe(1);
});
