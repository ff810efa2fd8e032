import { createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { findTrouble } from "./published-ports.ts";

/** @returns the port of a server that does this with each connection */
async function listen(action: (socket: Socket) => void): Promise<number> {
	const server = createServer(action);
	await new Promise<void>((resolve) =>
		server.listen(0, "127.0.0.1", () => resolve()),
	);
	onTestFinished(() => void server.close());
	const address = server.address();
	if (!address || typeof address === "string") throw new Error("no port");
	return address.port;
}

test("a port at which something is said is reached", async () => {
	const port = await listen((socket) => socket.end("here\n"));
	expect(await findTrouble("127.0.0.1", port)).toBeUndefined();
});

test("Docker's proxy, which takes connections for a container out of reach, is not enough", async () => {
	const port = await listen((socket) => socket.end());
	expect(await findTrouble("127.0.0.1", port)).toBe(
		"it was closed without a word",
	);
});

test("what is swallowed by a firewall ends, too", async () => {
	const port = await listen((socket) => void socket.once("close", () => 0));
	expect(await findTrouble("127.0.0.1", port)).toBe("no answer");
});

test("a port at which nothing listens is named with the reason", async () => {
	const port = await listen(() => undefined);
	expect(await findTrouble("127.0.0.1", port === 1 ? 2 : 1)).toMatch(
		/ECONNREFUSED/,
	);
});
