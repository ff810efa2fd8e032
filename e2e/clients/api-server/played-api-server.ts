import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { onTestFinished } from "vitest";
import { stringify } from "yaml";

/** For tests: plays an API server until the end of the test. @returns a kubeconfig that leads to it */
export async function playApiServer(
	listener: RequestListener,
): Promise<string> {
	const server = createServer(listener).listen(0, "127.0.0.1");
	await once(server, "listening");
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const address = server.address();
	if (typeof address !== "object" || !address) throw new Error("no port");
	return kubeconfigFor(address.port);
}

/** @param port of this machine, at which an API server is played, or nothing is */
export function kubeconfigFor(port: number): string {
	return stringify({
		"current-context": "x",
		contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
		clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}` } }],
		users: [{ name: "u", user: { token: "not-a-secret" } }],
	});
}
