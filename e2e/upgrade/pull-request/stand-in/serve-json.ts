import { createServer, type IncomingHttpHeaders } from "node:http";
import { text as readText } from "node:stream/consumers";

/** A request to a stand-in. */
export interface AskedRequest {
	/** Method and path, e.g. `GET /user`. */
	readonly request: string;
	readonly query: URLSearchParams;
	readonly headers: IncomingHttpHeaders;
	/** The body. */
	readonly text: string;
}

export interface JsonReply {
	readonly status: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body: unknown;
}

/** A server on this machine that answers in JSON. */
export interface JsonServer extends AsyncDisposable {
	/** e.g. http://127.0.0.1:40123 */
	readonly origin: string;
}

/** For tests: serves on a free port until it is disposed of. */
export async function serveJson(
	answer: (asked: AskedRequest) => JsonReply,
): Promise<JsonServer> {
	const server = createServer(async (asked, reply) => {
		const { pathname, searchParams } = new URL(asked.url ?? "/", "http://here");
		const { status, headers, body } = answer({
			request: `${asked.method} ${pathname}`,
			query: searchParams,
			headers: asked.headers,
			text: await readText(asked),
		});
		reply.writeHead(status, { "content-type": "application/json", ...headers });
		reply.end(JSON.stringify(body));
	});
	const { promise, resolve } = Promise.withResolvers<void>();
	server.listen(0, "127.0.0.1", resolve);
	await promise;
	const address = server.address();
	if (address === null || typeof address === "string")
		throw new Error("the server has no port");
	return {
		origin: `http://127.0.0.1:${address.port}`,
		[Symbol.asyncDispose]: async () => {
			server.closeAllConnections();
			server.close();
		},
	};
}
