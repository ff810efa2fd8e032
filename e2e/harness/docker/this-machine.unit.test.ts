import { hostname, networkInterfaces } from "node:os";
import { expect, test } from "vitest";
import { isThisMachine } from "./this-machine.ts";

const address = Object.values(networkInterfaces())
	.flatMap((each) => each ?? [])
	.find(({ internal }) => !internal)?.address;

test.each([
	["localhost", true],
	["LOCALHOST", true],
	["127.0.1.1", true],
	["0.0.0.0", true],
	[hostname().toUpperCase(), true],
	[address ?? "::1", true],
	["nas.home", false],
	["127.example.org", false],
	["192.0.2.1", false],
])("%s is this machine: %s", (host, expected) => {
	expect(isThisMachine(host)).toBe(expected);
});
