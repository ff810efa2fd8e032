import { createServer, type RequestListener } from "node:http";
import Docker from "dockerode";
import { afterAll } from "vitest";

/** For tests: a client of an engine that answers like this until the test file ends. */
export async function playEngine(answer: RequestListener): Promise<Docker> {
	const engine = createServer(answer);
	await new Promise<void>((resolve) => engine.listen(0, "127.0.0.1", resolve));
	afterAll(() => {
		engine.close();
		engine.closeAllConnections();
	});
	const address = engine.address();
	if (!address || typeof address === "string") throw new Error("no port");
	const { port } = address;
	return new Docker({ host: "127.0.0.1", port, protocol: "http" });
}
