import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { readWayOut, spreadProxy } from "./way-out.ts";

const dir = mkdtempSync(join(tmpdir(), "o11y-e2e-way-out-"));
afterAll(() => rmSync(dir, { recursive: true }));
const names = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"];
const files = ["O11Y_E2E_CA_FILE", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"];

beforeEach(() => {
	for (const name of [...names, ...names.map((n) => n.toLowerCase()), ...files])
		vi.stubEnv(name, undefined);
});

test("nothing is set where nothing was given", async () => {
	await expect(readWayOut()).resolves.toEqual({
		proxy: {},
		authorities: undefined,
	});
});

test("a proxy is known under both spellings, and what is on the engine's machine stays out of it", async () => {
	vi.stubEnv("https_proxy", "http://proxy:3128");
	vi.stubEnv("NO_PROXY", "nas.home");
	spreadProxy("10.0.0.7");
	expect(process.env.HTTPS_PROXY).toBe("http://proxy:3128");
	expect(process.env.no_proxy).toBe(
		"nas.home,localhost,127.0.0.1,::1,10.0.0.7",
	);
});

test.each([
	["me:Pr0xy-Pass@proxy:3128", "http://me:Pr0xy-Pass@proxy:3128"],
	["http://me:Pr0xy/P@ss@proxy:3128", "http://me:Pr0xy%2FP%40ss@proxy:3128"],
	["http://me:50%off%21@proxy:3128", "http://me:50%25off%21@proxy:3128"],
	["socks5://proxy", "socks5://proxy"],
	["proxy:3128", "http://proxy:3128"],
])("a proxy %s is one for every tool", async (given, used) => {
	vi.stubEnv("HTTPS_PROXY", given);
	vi.stubEnv("NO_PROXY", "nas.home,10.0.0.0/8");
	const { proxy } = await readWayOut();
	expect(proxy.HTTPS_PROXY).toBe(used);
	expect(proxy.NO_PROXY).toBe("nas.home,10.0.0.0/8");
});

test("certificate authorities of all variables are joined, each once", async () => {
	const pem = (name: string) =>
		`-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n`;
	for (const name of ["a", "b"]) writeFileSync(join(dir, name), pem(name));
	vi.stubEnv("O11Y_E2E_CA_FILE", join(dir, "a"));
	vi.stubEnv("NODE_EXTRA_CA_CERTS", join(dir, "b"));
	vi.stubEnv("SSL_CERT_FILE", join(dir, "b"));
	const { authorities } = await readWayOut();
	expect(authorities?.match(/^[ab]$/gm)?.sort()).toEqual(["a", "b"]);
	vi.stubEnv("SSL_CERT_FILE", join(dir, "nowhere"));
	await expect(readWayOut()).rejects.toThrow(
		`SSL_CERT_FILE ${join(dir, "nowhere")} cannot be read (it does not exist): correct or unset it`,
	);
	// Not what `npm run down` needs.
	expect(() => spreadProxy("10.0.0.7")).not.toThrow();
});

test("an empty variable hides none of the other spelling", async () => {
	vi.stubEnv("HTTPS_PROXY", "");
	vi.stubEnv("https_proxy", "http://proxy:3128");
	const { proxy } = await readWayOut();
	expect(proxy.HTTPS_PROXY).toBe("http://proxy:3128");
});
