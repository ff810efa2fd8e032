import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { findEnd, findTrouble, portScript } from "./published-ports.ts";

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

test("a container that something removed says nothing about the way to it", async () => {
	const State = { Running: true };
	expect(await findEnd(async () => ({ State }))).toBeUndefined();
	expect(await findEnd(async () => ({ State: { Running: false } }))).toBe(
		"the container to look with ended",
	);
	const refuse = (statusCode: number) => async () => {
		throw Object.assign(new Error("no"), { statusCode });
	};
	expect(await findEnd(refuse(404))).toBe(
		"something removed the container to look with, such as the start of a run",
	);
	await expect(findEnd(refuse(500))).rejects.toThrow("no");
});

test("a busybox whose nc cannot listen ends the container", async () => {
	const dir = mkdtempSync(join(tmpdir(), "o11y-e2e-nc-"));
	onTestFinished(() => rmSync(dir, { recursive: true }));
	const busybox = join(dir, "busybox");
	writeFileSync(busybox, '#!/bin/sh\n[ "$1" = --list ] && echo nc\n', {
		mode: 0o755,
	});
	const { exitCode } = await execa("sh", ["-c", portScript], {
		env: { PATH: `${dir}:${process.env.PATH}` },
		reject: false,
		timeout: 60_000,
	});
	expect(exitCode).toBe(1);
});
